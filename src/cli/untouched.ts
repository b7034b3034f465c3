import type { Emit } from '../actions/event.ts'
import type { UpResult } from '../actions/up.ts'

/** Says which containers run as they are. */
export function untouched({ stages, containers }: UpResult, emit: Emit): void {
  const steps = stages.flatMap(stage => stage.outline.steps).filter(step => step.op !== 'wait')
  const touched = new Set(steps.map(step => step.unit.name))
  for (const { name, service, number, state } of containers)
    if (state === 'running' && !touched.has(name))
      emit({
        type: 'step',
        id: 0,
        unit: { kind: 'container', name, short: `${service}-${number}` },
        op: 'keep',
        state: 'done',
      })
}
