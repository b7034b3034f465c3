import type { LogChunk } from '../../engine/engine.ts'
import { isEngineError } from '../../engine/errors.ts'
import type { LiveEngine } from '../../engine/live.ts'
import type { Member } from '../members.ts'

export interface AttachOptions {
  readonly engine: Pick<LiveEngine, 'attach' | 'attachWithInput' | 'waitContainer' | 'resizeTerminal'>
  readonly signal: AbortSignal
  /** Aborts when nobody wants to see more of it; the container runs on. */
  readonly letGo?: AbortSignal
  readonly stdin?: AsyncIterable<Uint8Array>
  readonly detachKeys?: string
  readonly onOutput?: (chunk: LogChunk) => Promise<void> | void
  readonly onStart?: (resize: (size: { readonly rows: number; readonly columns: number }) => Promise<void>) => void
}

/** Stays with a running container until it ends, and gives its exit code; 0 of one that was let go of. */
export async function attach({ id }: Pick<Member, 'id'>, options: AttachOptions): Promise<number> {
  const { engine, stdin, onOutput, onStart, letGo, detachKeys } = options
  const end = new AbortController()
  const signal = AbortSignal.any([options.signal, end.signal, ...(letGo ? [letGo] : [])])
  try {
    const output = stdin
      ? await engine.attachWithInput(id, stdin, { signal, ...(detachKeys !== undefined && { detachKeys }) })
      : await engine.attach(id, { signal })
    const ended = engine.waitContainer(id, { signal })
    ended.catch(() => {})
    onStart?.(size => engine.resizeTerminal(id, size))
    for await (const chunk of output) await onOutput?.(chunk)
    return await ended
  } catch (error) {
    if (letGo?.aborted && isEngineError(error, 'cancelled')) return 0
    throw error
  } finally {
    end.abort()
  }
}
