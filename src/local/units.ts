import { type Separator, shortName } from '../model/names.ts'
import type { Unit } from '../plan/plan.ts'

export function containerUnit(name: string, project: string, separator: Separator): Unit {
  return { kind: 'container', name, short: shortName(name, project, separator) }
}

export const networkUnit = (name: string): Unit => ({ kind: 'network', name, short: name })
export const volumeUnit = (name: string): Unit => ({ kind: 'volume', name, short: name })
export const imageUnit = (name: string): Unit => ({ kind: 'image', name, short: name })
export const serviceUnit = (name: string): Unit => ({ kind: 'service', name, short: name })
