import type { Engine, ExecOptions, ExecSpec } from '../engine/engine.ts'
import { isEngineError } from '../engine/errors.ts'
import { containerUnit } from '../local/units.ts'
import type { Emit } from './event.ts'
import { oneOf } from './one.ts'
import { wouldDo } from './would.ts'

export interface ExecIn extends ExecOptions {
  readonly engine: Pick<Engine, 'listContainers' | 'exec'>
  /** This container of the service; without it that of the lowest number. */
  readonly index?: number
  /** For a dry run: tell in which container it would run, and run nothing. */
  readonly onlyTell?: Emit
  /** Aborts when nobody wants to see more of it; the command runs on. */
  readonly letGo?: AbortSignal
}

/** Runs a command in a running container of a service and gives its exit code: 0 of one that was let go of. Throws UserError where none runs. */
export async function exec(
  project: string,
  service: string,
  spec: ExecSpec,
  { engine, index, onlyTell, letGo, ...options }: ExecIn,
): Promise<number> {
  const { id, name } = await oneOf(engine, project, service, index)
  if (onlyTell) {
    wouldDo(onlyTell, containerUnit(name, project, '-'), 'exec')
    return 0
  }
  if (!letGo) return engine.exec(id, spec, options)
  const signal = options.signal ? AbortSignal.any([options.signal, letGo]) : letGo
  return engine.exec(id, spec, { ...options, signal }).catch((error: unknown) => {
    if (letGo.aborted && isEngineError(error, 'cancelled')) return 0
    throw error
  })
}
