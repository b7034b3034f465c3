import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { Engine } from '../../../src/engine/engine.ts'
import { EngineError } from '../../../src/engine/errors.ts'
import { type ClaimOptions, claim, type Pace } from '../../../src/local/perform/claim.ts'
import { isAlive, type Owner, oneself } from '../../../src/local/perform/owner.ts'
import { OUR_LABEL } from '../../../src/model/names.ts'
import type { Problem } from '../../../src/text/problem.ts'
import { type FakeEngine, fakeEngine } from '../../kit/fake-engine.ts'
import { downWith, upWith } from '../../kit/run.ts'
import { shop } from '../../kit/shop.ts'

const lock = 'gantry-lock-shop'
const names = (fake: FakeEngine) => fake.volumes().map(v => v.name)
const calls = (fake: FakeEngine) => fake.calls.map(c => `${c.name} ${c.about}`)

async function claimWith(engine: Engine, options: Partial<ClaimOptions> = {}) {
  const problems: Problem[] = []
  const signal = new AbortController().signal
  const tell = (problem: Problem) => void problems.push(problem)
  return { ...(await claim(engine, 'shop', { verb: 'up', signal, tell, ...options })), problems }
}

const hold = (fake: FakeEngine, owner: Owner) =>
  fake.engine.createVolume(lock, { labels: { [OUR_LABEL.owner]: JSON.stringify(owner) } })

/** A process of this machine that has ended. */
const ended = (): Owner => ({ ...oneself('up'), pid: spawnSync('true').pid, began: '1' })
const elsewhere = (): Owner => ({ ...oneself('down'), place: 'another boot', host: 'build-7', pid: 12 })

const hasty: Partial<Pace> = { again: 2, silence: 30 }

describe('a claim', () => {
  test('takes two calls, is given back with two, and leaves nothing', async () => {
    const fake = fakeEngine()
    const { release, problems } = await claimWith(fake.engine)
    expect(names(fake)).toEqual([lock])
    await release()
    expect(calls(fake)).toEqual([
      `createVolume ${lock}`,
      `inspectVolume ${lock}`,
      `inspectVolume ${lock}`,
      `removeVolume ${lock}`,
    ])
    expect(names(fake)).toEqual([])
    expect(problems).toEqual([])
  })

  test('bears no label by which docker compose would take it for its own', async () => {
    const fake = fakeEngine()
    await claimWith(fake.engine)
    expect(Object.keys(fake.volumes()[0]!.labels)).toEqual(['dev.gantry.claimed', 'dev.gantry.owner'])
  })

  test('of one project does not keep others', async () => {
    const fake = fakeEngine()
    const other = { verb: 'up', signal: new AbortController().signal, tell() {} }
    await claim(fake.engine, 'shop', other)
    await claim(fake.engine, 'shop2', other)
    expect(names(fake)).toEqual([lock, 'gantry-lock-shop2'])
  })

  test('waits for another, and says once for whom', async () => {
    const fake = fakeEngine()
    const first = await claimWith(fake.engine)
    const order: string[] = []
    const second = claimWith(fake.engine, { verb: 'down', pace: { again: 2 } }).then(mine => {
      order.push('second')
      return mine
    })
    await looks(fake, 5)
    order.push('first ends')
    await first.release()
    expect((await second).problems).toEqual([
      {
        code: 'waiting-for-another',
        severity: 'info',
        message: `waiting for another "up" (process ${process.pid}) to end, which changes project "shop"`,
      },
    ])
    expect(order).toEqual(['first ends', 'second'])
  })

  test('stops waiting when it is told to', async () => {
    const fake = fakeEngine()
    await claimWith(fake.engine)
    const pressed = new AbortController()
    const waiting = claimWith(fake.engine, { signal: pressed.signal, pace: { again: 2 } })
    await looks(fake, 2)
    pressed.abort(new Error('interrupted'))
    await expect(waiting).rejects.toThrow('interrupted')
    expect(names(fake)).toEqual([lock])
  })
})

describe('an owner that is dead', () => {
  test('is given up at once where its process can be seen to be gone', async () => {
    const fake = fakeEngine()
    await hold(fake, ended())
    const { release, problems } = await claimWith(fake.engine)
    expect(problems).toEqual([])
    await release()
    expect(names(fake)).toEqual([])
  })

  test('is told from a later process with the same number', () => {
    const parent = { ...oneself('up'), pid: process.ppid }
    expect(isAlive({ ...parent, began: '1' })).toBe(false)
  })

  test('is not seen from another machine, or another pid namespace', () => {
    expect(isAlive({ ...ended(), place: 'another boot' })).toBe(undefined)
  })

  test('on another machine is given up when it has shown no life for a while', async () => {
    const fake = fakeEngine()
    await hold(fake, elsewhere())
    const began = performance.now()
    const { release, problems } = await claimWith(fake.engine, { pace: hasty })
    expect(performance.now() - began).toBeGreaterThanOrEqual(30)
    expect(problems[0]!.message).toBe(
      'waiting for another "down" (process 12 on build-7) to end, which changes project "shop"',
    )
    await release()
    expect(names(fake)).toEqual([])
  })

  test('takes what showed its life along', async () => {
    const fake = fakeEngine()
    const owner = ended()
    await hold(fake, owner)
    await fake.engine.createVolume(`gantry-beat-${owner.token}`, { labels: {} })
    await (await claimWith(fake.engine)).release()
    expect(names(fake)).toEqual([])
  })

  test('is seen to be dead by whoever has nothing to change, with all that it and those before it have left', async () => {
    const fake = fakeEngine({ images: ['app:1'] })
    const project = shop({ services: { db: {} } })
    await upWith(fake, project)
    const [dead, before] = [ended(), ended()]
    const of = (owner: Owner) => ({ [OUR_LABEL.claimed]: 'shop', [OUR_LABEL.owner]: JSON.stringify(owner) })
    await fake.engine.createVolume(lock, { labels: of(dead) })
    await fake.engine.createVolume(`gantry-beat-${dead.token}`, { labels: of(dead) })
    await fake.engine.createVolume(`gantry-gate-${before.token}`, { labels: of(dead) })
    await upWith(fake, project)
    expect(names(fake)).toEqual([])
  })

  test('may have left only what nobody would look for again', async () => {
    const fake = fakeEngine({ images: ['app:1'] })
    const [dead, before] = [ended(), ended()]
    const labels = { [OUR_LABEL.claimed]: 'shop', [OUR_LABEL.owner]: JSON.stringify(dead) }
    await fake.engine.createVolume(`gantry-gate-${before.token}`, { labels })
    await downWith(fake, shop({ services: {} }))
    expect(names(fake)).toEqual([])
  })

  test('is left alone by whoever has nothing to change and cannot see it', async () => {
    const fake = fakeEngine()
    const labels = { [OUR_LABEL.claimed]: 'shop', [OUR_LABEL.owner]: JSON.stringify(elsewhere()) }
    await fake.engine.createVolume(lock, { labels })
    await downWith(fake, shop({ services: {} }))
    expect(names(fake)).toEqual([lock])
  })

  test('may have died while it gave up another one', async () => {
    const fake = fakeEngine()
    const [first, second] = [ended(), ended()]
    await hold(fake, first)
    const label = { [OUR_LABEL.owner]: JSON.stringify(second) }
    await fake.engine.createVolume(`gantry-gate-${first.token}`, { labels: label })
    await (await claimWith(fake.engine)).release()
    expect(names(fake)).toEqual([])
  })
})

describe('an owner that lives', () => {
  test('elsewhere is waited for as long as it shows that', async () => {
    const fake = fakeEngine()
    const owner = elsewhere()
    await hold(fake, owner)
    let beats = 0
    const until = performance.now() + 100
    const inspectVolume: Engine['inspectVolume'] = async name => {
      if (name !== `gantry-beat-${owner.token}`) return fake.engine.inspectVolume(name)
      if (performance.now() > until) await fake.engine.removeVolume(lock).catch(() => {})
      return { name, driver: 'local', mountpoint: '', labels: { [OUR_LABEL.beat]: String(++beats) } }
    }
    await claimWith({ ...fake.engine, inspectVolume }, { pace: hasty })
    expect(performance.now()).toBeGreaterThan(until)
    expect(calls(fake).filter(c => c.startsWith('createVolume gantry-gate'))).toEqual([])
  })

  test('shows it, and leaves nothing of that', async () => {
    const fake = fakeEngine()
    const { release } = await claimWith(fake.engine, { pace: { beat: 2 } })
    const beat = () => fake.volumes().find(v => v.name.startsWith('gantry-beat-'))?.labels[OUR_LABEL.beat]
    await until(() => Number(beat()) > 2)
    await release()
    expect(names(fake)).toEqual([])
  })

  test('is told when another took it for dead, and leaves that one alone', async () => {
    const fake = fakeEngine()
    const { signal, release } = await claimWith(fake.engine, { pace: { beat: 2 } })
    await fake.engine.removeVolume(lock)
    await hold(fake, elsewhere())
    await until(() => signal.aborted)
    expect(String(signal.reason)).toContain('another command took this one for dead')
    await release()
    expect(names(fake)).toEqual([lock])
  })

  test('keeps its claim when somebody has removed the volume, long before it shows life', async () => {
    const fake = fakeEngine()
    const { signal } = await claimWith(fake.engine, { pace: { look: 2 } })
    await fake.engine.removeVolume(lock)
    await until(() => names(fake).includes(lock))
    expect(signal.aborted).toBe(false)
    expect(names(fake)).toEqual([lock])
  })
})

describe('an engine', () => {
  test('that refuses is worked with all the same, and the user is told', async () => {
    const fake = fakeEngine()
    fake.inject(call =>
      call.name === 'createVolume' ? { when: 'before', error: new EngineError('denied', 'not by you') } : undefined,
    )
    const { problems, release } = await claimWith(fake.engine)
    expect(problems.map(p => `${p.severity}: ${p.message}`)).toEqual([
      'warning: other commands are not kept from changing project "shop" at the same time: not by you',
    ])
    await release()
  })

  test('that is away ends the command before anything is changed', async () => {
    const fake = fakeEngine()
    fake.inject((_, nth) => (nth === 0 ? { when: 'after' } : undefined))
    await expect(claimWith(fake.engine)).rejects.toThrow('the engine went away')
    expect(names(fake)).toEqual([])
  })

  test('that is away for a moment is told afterwards that the claim is over', async () => {
    const fake = fakeEngine()
    const { release } = await claimWith(fake.engine)
    fake.inject((_, nth) => (nth < 2 ? { when: 'before' } : undefined))
    await release()
    expect(names(fake)).toEqual([])
  })

  test('that fails once to make the volume is asked again', async () => {
    const fake = fakeEngine()
    const error = new EngineError('failed', 'no such file or directory')
    fake.inject((_, nth) => (nth === 0 ? { when: 'before', error } : undefined))
    const { problems } = await claimWith(fake.engine)
    expect(problems).toEqual([])
    expect(names(fake)).toEqual([lock])
  })

  test('that fails once to remove the volume is asked again', async () => {
    const fake = fakeEngine()
    const { release } = await claimWith(fake.engine)
    let failed = false
    fake.inject(call => {
      if (failed || call.name !== 'removeVolume') return undefined
      failed = true
      return { when: 'before', error: new EngineError('failed', 'directory not empty') }
    })
    await release()
    expect(failed).toBe(true)
    expect(names(fake)).toEqual([])
  })

  test('that did not hear of the end does not keep this process from the next claim', async () => {
    const fake = fakeEngine()
    const { release } = await claimWith(fake.engine, { pace: { patience: 0 } })
    fake.inject(() => ({ when: 'before' }))
    await release()
    fake.inject(undefined)
    expect(names(fake)).toEqual([lock])
    const { problems } = await claimWith(fake.engine)
    expect(problems).toEqual([])
  })

  test('with a volume of that name which is no claim of ours is worked with, and the volume stays', async () => {
    const fake = fakeEngine()
    await fake.engine.createVolume(lock, { labels: {} })
    const { problems, release } = await claimWith(fake.engine)
    expect(problems.map(p => p.code)).toEqual(['not-claimed'])
    await release()
    expect(names(fake)).toEqual([lock])
  })
})

/** Resolves once the engine has been asked so often more. */
const looks = (fake: FakeEngine, times: number) => {
  const before = fake.calls.length
  return until(() => fake.calls.length >= before + times)
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setImmediate(resolve))
}
