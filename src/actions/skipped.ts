import type { Unit } from '../plan/plan.ts'
import type { Event } from './event.ts'

/** Tells that there is nothing to do for one thing that was asked for, and why. */
export function skipped(unit: Unit, why?: string): Event {
  return { type: 'step', id: 0, unit, op: 'skip', state: 'done', ...(why !== undefined && { message: why }) }
}
