import type { LogChunk } from '../engine/engine.ts'
import type { LiveEngine } from '../engine/live.ts'
import { oneOf } from './one.ts'

export interface AttachOptions {
  readonly engine: LiveEngine
  readonly signal: AbortSignal
  readonly index?: number
  readonly stdin?: AsyncIterable<Uint8Array>
  readonly onOutput?: (chunk: LogChunk) => Promise<void> | void
  readonly onStart?: (resize: (size: { readonly rows: number; readonly columns: number }) => Promise<void>) => void
}

/** Stays with a running container of a service until it ends, and gives its exit code. Throws UserError where none runs. */
export async function attach(project: string, service: string, options: AttachOptions): Promise<number> {
  const { engine, signal, index, stdin, onOutput, onStart } = options
  const { id } = await oneOf(engine, project, service, index)
  const output = stdin ? await engine.attachWithInput(id, stdin, { signal }) : await engine.attach(id, { signal })
  const ended = engine.waitContainer(id, { signal })
  ended.catch(() => {})
  onStart?.(size => engine.resizeTerminal(id, size))
  for await (const chunk of output) await onOutput?.(chunk)
  return ended
}
