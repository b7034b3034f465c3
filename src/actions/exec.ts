import type { Engine, ExecOptions, ExecSpec } from '../engine/engine.ts'
import { oneOf } from './one.ts'

export interface ExecIn extends ExecOptions {
  readonly engine: Pick<Engine, 'listContainers' | 'exec'>
  /** This container of the service; without it that of the lowest number. */
  readonly index?: number
}

/** Runs a command in a running container of a service and gives its exit code. Throws UserError where none runs. */
export async function exec(
  project: string,
  service: string,
  spec: ExecSpec,
  { engine, index, ...options }: ExecIn,
): Promise<number> {
  const { id } = await oneOf(engine, project, service, index)
  return engine.exec(id, spec, options)
}
