import type { Engine } from '../../engine/engine.ts'

/** The id of a container that a step names by id or by name. */
export async function idOf(engine: Pick<Engine, 'inspectContainer'>, container: string): Promise<string> {
  return /^[0-9a-f]{64}$/.test(container) ? container : (await engine.inspectContainer(container)).id
}
