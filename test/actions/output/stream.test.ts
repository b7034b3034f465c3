import { expect, test } from 'vitest'
import type { Event } from '../../../src/actions/event.ts'
import { tellAttached } from '../../../src/actions/output/stream.ts'
import type { ContainerDetail, Engine, LogChunk, LogOptions } from '../../../src/engine/engine.ts'
import { EngineError } from '../../../src/engine/errors.ts'

async function* printed(lines: readonly string[], error?: Error): AsyncGenerator<LogChunk> {
  for (const line of lines) yield { stream: 'stdout', bytes: Buffer.from(`${line}\n`) }
  if (error) throw error
}

/**
 * What is told of a container that one is attached to. Its log has lines by the second of their printing; when its output ends it has
 * been started again after the last of `ends`, and what follows the log is its end for good.
 */
async function told(
  output: AsyncIterable<LogChunk>,
  log: readonly (readonly [number, string])[],
  ends: readonly number[],
) {
  const events: Event[] = []
  let [finishedAt, state] = [ends[0]!, 'running' as ContainerDetail['state']]
  async function* attached() {
    try {
      yield* output
    } finally {
      finishedAt = ends.at(-1)!
    }
  }
  const engine: Pick<Engine, 'logs' | 'attach' | 'inspectContainer'> = {
    attach: () => Promise.reject(new Error('nobody attaches again')),
    inspectContainer: async () => ({ state, finishedAt }) as ContainerDetail,
    logs(_, { since = '0' }: LogOptions) {
      state = 'exited'
      const from = log.filter(([second]) => second >= Number(since))
      return printed(from.map(([second, line]) => `${new Date(second * 1000).toISOString()} ${line}`))
    },
  }
  const emit = (event: Event) => void events.push(event)
  const whose = { id: 'web', label: 'web-1', service: 'web' }
  await tellAttached(whose, attached(), { engine, emit, signal: new AbortController().signal }, true)
  return events.flatMap(e => (e.type === 'log' ? [Buffer.from(e.line).toString()] : []))
}

const log = [
  [1, 'hello'],
  [2, 'goodbye'],
  [4, 'hello'],
  [5, 'tick'],
] as const

test('of a container that was started again before its output ended, the next run is told from its first line', async () => {
  const attached = printed(['hello', 'goodbye'])
  expect(await told(attached, log, [0, 3000])).toEqual(['hello', 'goodbye', 'hello', 'tick'])
})

test('of a run whose connection was lost, the rest is told, and nothing twice', async () => {
  const attached = printed(['hello'], new EngineError('unreachable', 'the line was cut'))
  expect(await told(attached, log, [0])).toEqual(['hello', 'goodbye', 'hello', 'tick'])
})

test('of a run whose connection was lost, all is told, also where it was started again meanwhile', async () => {
  const attached = printed(['hello'], new EngineError('unreachable', 'the line was cut'))
  expect(await told(attached, log, [0, 3000])).toEqual(['hello', 'goodbye', 'hello', 'tick'])
})
