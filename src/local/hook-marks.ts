import type { VolumeDetail } from '../engine/engine.ts'
import { OUR_LABEL } from '../model/names.ts'
import type { Draft, Unit } from '../plan/plan.ts'
import type { Observed } from './observe.ts'
import type { Step } from './steps.ts'

/**
 * What is left of commands that were to run inside one container. It is kept in volumes, as claims are: a container's labels
 * are those that it was made with.
 */
export interface HookMarks {
  /** "post_start" while the commands after a start are not all done; "post_start-0", "pre_stop-1" for one that was begun. */
  readonly marks: readonly string[]
  /** By mark: the engine's id of the command that was begun. */
  readonly begun: ReadonlyMap<string, string>
}

/** Stands for all commands that are to follow a container's start. */
export const OWED = 'post_start'

export const begunMark = (when: 'post_start' | 'pre_stop', index: number) => `${when}-${index}`

export const markVolume = (container: string, mark: string) => `gantry-hook-${container}-${mark}`

/** The marks of a project's containers, by container id; also of those that are there no more. */
export function hookMarks(volumes: readonly VolumeDetail[], project: string): ReadonlyMap<string, HookMarks> {
  const found = volumes.flatMap(({ name, labels }) => {
    const [, container, mark] = /^gantry-hook-([0-9a-f]{64})-(.+)$/.exec(name) ?? []
    if (labels[OUR_LABEL.hookOf] !== project || !container || !mark) return []
    return [{ container, mark, exec: labels[OUR_LABEL.exec] }]
  })
  const byContainer = Map.groupBy(found, m => m.container)
  return new Map(
    [...byContainer].map(([container, all]) => [
      container,
      {
        marks: all.map(m => m.mark).toSorted(),
        begun: new Map(all.flatMap(({ mark, exec }) => (exec === undefined ? [] : [[mark, exec]]))),
      },
    ]),
  )
}

/** Whether commands that were to follow a container's start have been left undone. */
export const owesHooks = ({ hookMarks }: Observed, container: string): boolean =>
  hookMarks.get(container)?.marks.includes(OWED) ?? false

/** Adds to a plan what removes the marks of containers that it removes or that are gone, and those of hooks that are all done. */
export function addForgetting(plan: Draft<Step>, { hookMarks, containers }: Observed): void {
  const { steps } = plan.done()
  for (const [container, { marks }] of hookMarks) {
    const removal = steps.find(({ step }) => step.op === 'remove-container' && step.container === container)
    const isThere = containers.some(c => c.id === container)
    const over = removal || !isThere ? marks : marks.includes(OWED) ? [] : marks.filter(m => m.startsWith(`${OWED}-`))
    if (over.length === 0) continue
    const unit: Unit = removal?.unit ?? { kind: 'container', name: container, short: container.slice(0, 12) }
    plan.add(unit, { op: 'settle-hooks', container, marks: over }, [], removal?.id)
  }
}
