import type { Engine, ExecOptions, ExecSpec } from '../engine/engine.ts'
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
}

/** Runs a command in a running container of a service and gives its exit code. Throws UserError where none runs. */
export async function exec(
  project: string,
  service: string,
  spec: ExecSpec,
  { engine, index, onlyTell, ...options }: ExecIn,
): Promise<number> {
  const { id, name } = await oneOf(engine, project, service, index)
  if (onlyTell) {
    wouldDo(onlyTell, containerUnit(name, project, '-'), 'exec')
    return 0
  }
  return engine.exec(id, spec, options)
}
