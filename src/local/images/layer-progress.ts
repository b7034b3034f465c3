import type { LayerProgress } from '../../engine/engine.ts'
import type { Unit } from '../../plan/plan.ts'
import type { Progress } from '../perform/perform.ts'

/** Milliseconds: nobody reads faster. */
const often = 100

/**
 * Hands on what an engine tells of layers: each change of what is done with one, and how far it is at most ten times a second.
 * Engines tell hundreds of messages a second (28.5: one a layer every 100 ms, and one a chunk of what is unpacked).
 */
export function layerProgress(unit: Unit, tell: (progress: Progress) => void, now = () => performance.now()) {
  const last = new Map<string, { readonly status: string; readonly at: number }>()
  return ({ layer, status, current, total }: LayerProgress): void => {
    const before = last.get(layer)
    const at = now()
    const whole = current !== undefined && current === total
    if (before?.status === status && !whole && at - before.at < often) return
    last.set(layer, { status, at })
    tell({
      unit,
      part: layer,
      text: status,
      ...(current !== undefined && { current }),
      ...(total !== undefined && { total }),
    })
  }
}
