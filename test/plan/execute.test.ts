import { describe, expect, test } from 'vitest'
import { type ExecuteOptions, execute, finish, PlanFailed, type StepEvent } from '../../src/plan/execute.ts'
import { draft, type Plan, type Unit } from '../../src/plan/plan.ts'

interface Work {
  readonly op: string
}

const unit: Unit = { kind: 'thing', name: 'x', short: 'x' }

/** A plan of steps named a, b, c …, each after those given. */
function plan(...after: number[][]): Plan<Work> {
  const drafted = draft<Work>()
  after.forEach((ids, i) => drafted.add(unit, { op: 'abcdefgh'[i]! }, [], ...ids))
  return drafted.done()
}

/** Runs a plan whose steps go on only when they are told to. */
function stepping(steps: Plan<Work>, options: ExecuteOptions<Work> = {}) {
  const events: string[] = []
  const open = new Map<string, { resolve: () => void; reject: (error: Error) => void }>()
  const outcome = execute(
    steps,
    ({ op }) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      open.set(op, { resolve, reject })
      return promise
    },
    { ...options, emit: ({ op, state }: StepEvent) => void events.push(`${op} ${state}`) },
  )
  const turn = () => new Promise<void>(resolve => setImmediate(resolve))
  return {
    outcome,
    events,
    running: async () => {
      await turn()
      return [...open.keys()].join('')
    },
    end: async (op: string) => {
      await turn()
      open.get(op)!.resolve()
      open.delete(op)
      await turn()
    },
    fail: async (op: string) => {
      await turn()
      open.get(op)!.reject(new Error(`${op} broke`))
      open.delete(op)
      await turn()
    },
  }
}

const ops = (ended: readonly { op: string }[]) => ended.map(e => e.op).join('')

test('a step runs when all that it comes after are done', async () => {
  const run = stepping(plan([], [], [1, 2]))
  expect(await run.running()).toBe('ab')
  await run.end('a')
  expect(await run.running()).toBe('b')
  await run.end('b')
  expect(await run.running()).toBe('c')
  await run.end('c')
  expect(ops((await run.outcome).done)).toBe('abc')
})

test('no more than the limit run at a time', async () => {
  const run = stepping(plan([], [], []), { limit: 2 })
  expect(await run.running()).toBe('ab')
  await run.end('b')
  expect(await run.running()).toBe('ac')
  await run.end('a')
  await run.end('c')
  expect(ops((await run.outcome).done)).toBe('bac')
})

test('a limit of 0 is none', async () => {
  const run = stepping(plan([], [], [], [], [], [], [], []), { limit: 0 })
  expect(await run.running()).toBe('abcdefgh')
  for (const op of 'abcdefgh') await run.end(op)
  await run.outcome
})

test('a step that waits holds no slot: what it waits for can still run', async () => {
  const run = stepping(plan([], []), { limit: 1, waits: ({ op }) => op === 'a' })
  expect(await run.running()).toBe('ab')
  await run.end('b')
  await run.end('a')
  await run.outcome
})

describe('when a step fails', () => {
  test('what stands on it is skipped, what does not goes on, and all are accounted for', async () => {
    const run = stepping(plan([], [1], [2], [], [4]))
    await run.fail('a')
    await run.end('d')
    expect(await run.running()).toBe('e')
    await run.end('e')
    const { done, failed, skipped } = await run.outcome
    expect([ops(done), ops(failed), ops(skipped)]).toEqual(['de', 'a', 'bc'])
    expect(run.events.toSorted()).toEqual(
      ['a failed', 'a started', 'b skipped', 'c skipped', 'd done', 'd started', 'e done', 'e started'].toSorted(),
    )
  })

  test('a step that throws at once is a failed step', async () => {
    const outcome = await execute(plan([], [1]), () => {
      throw new Error('at once')
    })
    expect([ops(outcome.failed), ops(outcome.skipped)]).toEqual(['a', 'b'])
  })

  test('finishing throws with the outcome and every message', async () => {
    const outcome = await execute(plan([], []), ({ op }) => Promise.reject(new Error(`${op} broke`)))
    expect(() => finish(outcome)).toThrow(PlanFailed)
    expect(() => finish(outcome)).toThrow('a broke\nb broke')
  })
})

describe('when it is cancelled', () => {
  test('running steps end, the rest are skipped', async () => {
    const pressed = new AbortController()
    const run = stepping(plan([], [1], []), { signal: pressed.signal, limit: 1 })
    expect(await run.running()).toBe('a')
    pressed.abort()
    await run.end('a')
    const { done, skipped } = await run.outcome
    expect([ops(done), ops(skipped)]).toEqual(['a', 'bc'])
  })

  test('finishing throws the signal’s reason, where something was left undone', async () => {
    const signal = AbortSignal.abort(new Error('pressed'))
    const outcome = await execute(plan([]), async () => {}, { signal })
    expect(() => finish(outcome, signal)).toThrow('pressed')
  })
})

test('an empty plan ends at once', async () => {
  expect(await execute(plan(), async () => {})).toEqual({ done: [], failed: [], skipped: [] })
})
