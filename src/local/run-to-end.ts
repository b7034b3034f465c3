import { createHash } from 'node:crypto'
import { codeWords } from '../base/exit-code.ts'
import type { ContainerDetail } from '../engine/engine.ts'
import { isEngineError } from '../engine/errors.ts'
import { OUR_LABEL } from '../model/names.ts'
import { filledIn } from './filled-in.ts'
import { idOf } from './perform/id-of.ts'
import type { Performing } from './perform/perform.ts'
import { isWaitFailed, WaitFailed } from './perform/wait.ts'
import type { Step } from './steps.ts'

/**
 * What an interrupted run left under its name is gone on with where it is the same and still runs, or has ended well; whatever else
 * is there goes first. One that fails stays, to be looked at.
 */
export async function runToEnd(
  { name, spec, what, late }: Step & { op: 'run-to-end' },
  { engine, signal, waiter }: Performing,
) {
  const filled = late ? await filledIn(spec, late, engine, false) : spec
  const volumes_from = await Promise.all((spec.volumes_from ?? []).map(ref => idOf(engine, ref)))
  const whole = { ...filled, volumes_from }
  const made = createHash('sha256').update(JSON.stringify(whole)).digest('hex').slice(0, 12)
  const left = await engine.inspectContainer(name).catch(gone)
  const goesOn = left?.labels[OUR_LABEL.made] === made && (left.state === 'running' || hasEndedWell(left))
  if (left && !goesOn) await engine.removeContainer(left.id, { force: true, signal }).catch(gone)
  const labels = { ...whole.labels, [OUR_LABEL.made]: made }
  const id = goesOn ? left.id : await engine.createContainer(name, { ...whole, labels }, { signal })
  if (!goesOn) await engine.startContainer(id, { signal })
  const done = { containers: [id], condition: 'service_completed_successfully', timeout: 0 } as const
  await waiter.until({ op: 'wait', service: what, required: true, ...done }, signal).catch(async (error: unknown) => {
    if (!isWaitFailed(error)) throw error
    const { exitCode } = await engine.inspectContainer(id)
    throw new WaitFailed(`${what} exited with code ${codeWords(exitCode)}`, name, what)
  })
  await engine.removeContainer(id, { force: true, volumes: true, signal }).catch(gone)
}

const hasEndedWell = ({ state, exitCode, startedAt }: ContainerDetail) =>
  state === 'exited' && exitCode === 0 && startedAt > 0

/** What is to go has gone already. */
function gone(error: unknown): undefined {
  if (!isEngineError(error, 'not-found')) throw error
}
