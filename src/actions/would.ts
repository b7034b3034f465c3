import type { Reason, Unit } from '../plan/plan.ts'
import type { Emit } from './event.ts'

/** Tells what a dry run leaves undone where a command has no plan of its own: one change, and no step. */
export function wouldDo(emit: Emit, unit: Unit, verdict: string, why: readonly Reason[] = [{ code: 'asked' }]): void {
  emit({
    type: 'plan',
    stages: [{ name: 'change', outline: { changes: [{ unit, verdict, why }], steps: [] } }],
  })
}
