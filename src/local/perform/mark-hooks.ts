import type { Engine } from '../../engine/engine.ts'
import { isEngineError } from '../../engine/errors.ts'
import { OUR_LABEL } from '../../model/names.ts'
import { markVolume } from '../hook-marks.ts'
import { idOf } from './id-of.ts'

type Marking = Pick<Engine, 'createVolume' | 'removeVolume' | 'inspectContainer'>

interface Marked {
  readonly project: string
  readonly mark: string
  /** The engine's id of what was begun. */
  readonly exec?: string
  /** Of the same mark there may be one of an earlier time, which would stay as it is. */
  readonly begun?: string
}

/** Keeps on the engine how far the hooks of a container have come. */
export async function mark(engine: Marking, container: string, { project, mark, exec, begun }: Marked): Promise<void> {
  const name = markVolume(await idOf(engine, container), mark)
  if (begun !== undefined) await remove(engine, name)
  const labels = { [OUR_LABEL.hookOf]: project, ...(exec !== undefined && { [OUR_LABEL.exec]: exec }) }
  await engine.createVolume(name, { labels })
}

/** One after the other, in order: what the first stands for counts no more once it is gone. */
export async function unmark(engine: Marking, container: string, marks: readonly string[]): Promise<void> {
  if (marks.length === 0) return
  const id = await idOf(engine, container)
  for (const mark of marks) await remove(engine, markVolume(id, mark))
}

async function remove(engine: Marking, name: string): Promise<void> {
  await engine.removeVolume(name).catch((error: unknown) => {
    if (!isEngineError(error, 'not-found')) throw error
  })
}
