import { expect, test } from 'vitest'
import { gatherScene, type SceneEngine } from '../../../src/actions/why/scene.ts'
import type { ContainerDetail, EngineEvent, LogOptions } from '../../../src/engine/engine.ts'
import { fakeEngine } from '../../kit/fake-engine.ts'
import { aSubject } from '../../kit/subject.ts'

const now = 2_000_000
const at = (action: string, time: number, exitCode = 0) => ({ action, time, exitCode })

/** What was asked of a container's log, and the scene that came of it. */
async function looked(container: Partial<ContainerDetail>, events: readonly Partial<EngineEvent>[]) {
  const subject = aSubject({ container, events })
  const ranges: LogOptions[] = []
  const engine: SceneEngine = {
    ...fakeEngine().engine,
    inspectContainer: async () => subject.container!,
    async *logs(_, range) {
      ranges.push(range)
      yield { stream: 'stdout', bytes: Buffer.from('a line\r\nanother\n') }
    },
  }
  const { subjects } = await gatherScene('shop', {
    engine,
    subjects: [{ container: 'web-id', service: 'web' }],
    events: subject.events,
    now,
  })
  return { range: ranges[0], subject: subjects[0]! }
}

test('the lines of the last run are looked at, not those of runs before it', async () => {
  const ended = { startedAt: 1_500_000, finishedAt: 1_501_000 }
  const { range, subject } = await looked(ended, [
    at('start', 1_400_000),
    at('die', 1_499_800),
    at('start', 1_500_000),
    at('die', 1_501_000),
  ])
  expect(range).toEqual({ tail: 40, since: '1499.801' })
  expect(subject.log).toEqual(['a line', 'another'])
})

test('the engine notes a start late: where nobody knows what was before, two seconds more are read', async () => {
  expect((await looked({ startedAt: 1_500_000 }, [])).range).toEqual({ tail: 40, since: '1498.000' })
})

test('of one that runs again, the lines of the run that ended', async () => {
  const { range, subject } = await looked({ state: 'running', startedAt: 1_999_000, restartCount: 1 }, [
    at('start', 1_990_000),
    at('oom', 1_998_000),
    at('die', 1_998_100, 137),
    at('start', 1_999_000),
  ])
  expect(range).toEqual({ tail: 40, since: '1988.000', until: '1998.150' })
  expect(subject.again).toEqual({ state: 'running', startedAt: 1_999_000, restartCount: 1 })
})

test('one that never ran has no lines', async () => {
  expect((await looked({ state: 'created', startedAt: 0 }, [])).range).toBe(undefined)
})

test('an engine that says nothing leaves a scene without what it would have said', async () => {
  const { subjects, neighbours } = await gatherScene('shop', {
    engine: fakeEngine().engine,
    subjects: [{ container: 'gone', service: 'web', name: 'shop-web-1' }],
    now,
  })
  expect(subjects).toEqual([{ service: 'web', name: 'shop-web-1', events: [], log: [] }])
  expect(neighbours).toEqual([])
})

test('what an engine remembers is waited for however long the way to it takes to open', async () => {
  const subject = aSubject({ container: { startedAt: 1_500_000 } })
  const died = { ...at('die', 1_501_000, 137), id: subject.container!.id } as EngineEvent
  const engine: SceneEngine = {
    ...fakeEngine().engine,
    inspectContainer: async () => subject.container!,
    async events() {
      await new Promise(open => setTimeout(open, 400))
      return (async function* () {
        yield died
      })()
    },
  }
  const { subjects } = await gatherScene('shop', { engine, subjects: [{ container: 'web-id', service: 'web' }], now })
  expect(subjects[0]!.events).toEqual([died])
})
