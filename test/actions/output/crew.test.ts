import { expect, test } from 'vitest'
import type { Event } from '../../../src/actions/event.ts'
import { crew } from '../../../src/actions/output/crew.ts'
import type { ContainerDetail, ContainerSummary, EngineEvent } from '../../../src/engine/engine.ts'
import { LABEL } from '../../../src/model/names.ts'
import { fakeEngine } from '../../kit/fake-engine.ts'

/** A container whose output never ends, unless `ends`. */
function running({ ends = false, exitCode }: { ends?: boolean; exitCode?: number } = {}) {
  const told: Event[] = []
  const crashed: string[] = []
  const hands = crew({
    engine: {
      ...fakeEngine().engine,
      attach: async () =>
        (async function* () {
          if (!ends) await new Promise(() => {})
          yield* []
        })(),
      inspectContainer: async () =>
        ({
          name: 'shop-web-1',
          state: exitCode === undefined ? 'running' : 'exited',
          exitCode,
          spec: {},
        }) as ContainerDetail,
    },
    emit: event => told.push(event),
    signal: new AbortController().signal,
    project: 'shop',
    belongs: () => true,
    shows: () => true,
    timestamps: false,
    ended: () => {},
    failed: error => crashed.push(String(error)),
    crashed: ({ service }, again) => crashed.push(`${service} ${again ? 'again' : 'for good'}`),
  })
  const attributes = { [LABEL.service]: 'web', [LABEL.number]: '1' }
  const heard = (action: string, exitCode?: number) =>
    hands.heard({
      id: '1',
      name: 'shop-web-1',
      action,
      detail: '',
      time: 0,
      attributes,
      ...(exitCode !== undefined && { exitCode }),
    } satisfies EngineEvent)
  return { hands, heard, told, crashed }
}

test('an end is told though the container has started again before its output ended', async () => {
  const { hands, heard, told, crashed } = running()
  await hands.attach({ id: '1', label: 'web-1', service: 'web' }, true)
  for (const [action, code] of [['start'], ['oom'], ['die', 137], ['start']] as const) heard(action, code)
  while (told.length === 0) await new Promise(setImmediate)
  expect(told).toEqual([
    { type: 'status', container: 'web-1', service: 'web', state: 'restarting', exitCode: 137, outOfMemory: true },
  ])
  expect(crashed).toEqual(['web again'])
  expect(hands.isEmpty()).toBe(false)
})

test('an end of which the engine says "stop" before "die" is told once, with its code', async () => {
  const { hands, heard, told } = running({ ends: true, exitCode: 4 })
  await hands.attach({ id: '1', label: 'web-1', service: 'web' }, true)
  heard('start')
  heard('stop')
  while (!hands.isEmpty()) await new Promise(setImmediate)
  heard('die', 4)
  expect(told).toEqual([{ type: 'status', container: 'web-1', service: 'web', state: 'exited', exitCode: 4 }])
})

test('what is stopped in the pause of its restart policy has told its end already', async () => {
  const { hands, heard, told } = running({ ends: true, exitCode: 4 })
  await hands.attach({ id: '1', label: 'web-1', service: 'web' }, true)
  for (const [action, code] of [['start'], ['die', 4], ['stop']] as const) heard(action, code)
  while (!hands.isEmpty()) await new Promise(setImmediate)
  expect(told).toHaveLength(1)
})

/** A container that has ended, which says so once `started`; from then on it runs, and prints a line. */
function restarted() {
  const started = Promise.withResolvers<void>()
  const lines: string[] = []
  let looks = 0
  const attributes = { [LABEL.service]: 'web', [LABEL.number]: '1', [LABEL.project]: 'shop' }
  const fake = fakeEngine().engine
  const hands = crew({
    engine: {
      ...fake,
      attach: async () => (async function* () {})(),
      logs: () =>
        (async function* () {
          yield { stream: 'stdout' as const, bytes: Buffer.from('2026-11-21T10:00:00.000000001Z tick 0\n') }
          await new Promise(() => {})
        })(),
      listContainers: async () => [
        { id: '1', name: 'shop-web-1', state: 'running', labels: attributes } as unknown as ContainerSummary,
      ],
      async inspectContainer() {
        const state = looks++ === 0 ? 'exited' : 'running'
        if (state === 'exited') await started.promise
        return { id: '1', state, finishedAt: 1, exitCode: 0 } as ContainerDetail
      },
    },
    emit: event => event.type === 'log' && lines.push(String(event.line)),
    signal: new AbortController().signal,
    project: 'shop',
    belongs: () => true,
    shows: () => true,
    timestamps: false,
    ended: () => {},
    failed: error => lines.push(String(error)),
  })
  const said = async () => {
    while (lines.length === 0) await new Promise(setImmediate)
    return lines
  }
  const start = () => hands.heard({ id: '1', name: 'shop-web-1', action: 'start', detail: '', time: 0, attributes })
  return { hands, started, said, start, looks: () => looks }
}

test('a container that starts while it is looked whether it has ended is told on', async () => {
  const { hands, started, said, start, looks } = restarted()
  await hands.attach({ id: '1', label: 'web-1', service: 'web' }, false)
  while (looks() === 0) await new Promise(setImmediate)
  start()
  started.resolve()
  expect(await said()).toEqual(['tick 0'])
})

test('a container that an engine has started while nobody could hear of it is told on', async () => {
  const { hands, started, said } = restarted()
  await hands.attach({ id: '1', label: 'web-1', service: 'web' }, false)
  started.resolve()
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
  await hands.look({ starts: true })
  expect(await said()).toEqual(['tick 0'])
})
