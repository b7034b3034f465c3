import { describe, expect, test } from 'vitest'
import { start } from '../../src/actions/lifecycle.ts'
import { EngineError } from '../../src/engine/errors.ts'
import type { Service } from '../../src/model/project.ts'
import { type Behaviour, type FakeEngine, fakeEngine } from '../kit/fake-engine.ts'
import { changesOf, downWith, quietly, stepsOf, upWith } from '../kit/run.ts'
import { shop } from '../kit/shop.ts'

const hooked: Service = { post_start: [{ command: ['seed'] }, { command: ['announce'] }] }
const web = (more: Service = {}) => shop({ services: { web: { ...hooked, ...more } } })

/** An engine that keeps what commands were run in which container. */
function anEngine(behaviour: Behaviour = {}) {
  const ran: string[] = []
  const behave = () => ({
    ...behaviour,
    runs: (command: readonly string[]) => {
      ran.push(command.join(' '))
      return behaviour.runs?.(command) ?? 0
    },
  })
  return { ...fakeEngine({ images: ['app:1'], behave }), ran }
}

/** Fails at the nth call of a name. */
async function cutOff(
  fake: FakeEngine,
  name: string,
  nth: number,
  when: 'before' | 'after',
  work: () => Promise<unknown>,
) {
  let count = 0
  fake.inject(call =>
    call.name === name && count++ === nth ? { when, error: new EngineError('failed', 'cut off') } : undefined,
  )
  await expect(work()).rejects.toThrow('cut off')
  fake.inject(undefined)
}

const marks = ({ volumes }: FakeEngine) => volumes().map(v => v.name.replace(/[0-9a-f]{64}/, 'ID'))

describe('hooks that an interrupted run has not begun', () => {
  test('are run by the next one, and the plan says so', async () => {
    const fake = anEngine()
    await cutOff(fake, 'startContainer', 0, 'after', () => upWith(fake, web()))
    expect(fake.ran).toEqual([])
    expect(marks(fake)).toEqual(['gantry-hook-ID-post_start'])
    expect(await changesOf(fake, web())).toBe('web-1 hook: undone post_start')
    await upWith(fake, web())
    expect(fake.ran).toEqual(['seed', 'announce'])
    expect(marks(fake)).toEqual([])
    expect(await stepsOf(fake, web())).toBe('')
  })

  test('are run by start, too, which knows them from the file', async () => {
    const fake = anEngine()
    await cutOff(fake, 'startContainer', 0, 'after', () => upWith(fake, web()))
    await start('shop', undefined, quietly(fake))
    expect(fake.ran).toEqual([])
    await start('shop', web(), quietly(fake))
    expect(fake.ran).toEqual(['seed', 'announce'])
    expect(marks(fake)).toEqual([])
  })

  test('all follow when the container has stopped meanwhile', async () => {
    const fake = anEngine()
    await cutOff(fake, 'exec', 1, 'before', () => upWith(fake, web()))
    await fake.engine.stopContainer('shop-web-1')
    await upWith(fake, web())
    expect(fake.ran).toEqual(['seed', 'seed', 'announce'])
  })

  test('are run in the new container of a replacement that was cut off', async () => {
    const fake = anEngine()
    await upWith(fake, web())
    await cutOff(fake, 'exec', 1, 'before', () => upWith(fake, web({ user: 'me' })))
    await upWith(fake, web({ user: 'me' }))
    expect(fake.ran).toEqual(['seed', 'announce', 'seed', 'announce'])
    expect(fake.containers().map(c => `${c.name} ${c.state}`)).toEqual(['shop-web-1 running'])
    expect(marks(fake)).toEqual([])
  })

  test('are forgotten with their container', async () => {
    const fake = anEngine()
    await cutOff(fake, 'startContainer', 0, 'after', () => upWith(fake, web()))
    await downWith(fake, web())
    expect(marks(fake)).toEqual([])
  })

  test('are forgotten by the next command where somebody has removed their container', async () => {
    const fake = anEngine()
    await cutOff(fake, 'startContainer', 0, 'after', () => upWith(fake, web()))
    await fake.engine.removeContainer('shop-web-1', { force: true })
    await downWith(fake, web())
    expect(marks(fake)).toEqual([])
  })
})

describe('hooks that an interrupted run has begun', () => {
  test('are not run again where they have ended well', async () => {
    const fake = anEngine()
    await cutOff(fake, 'exec', 0, 'after', () => upWith(fake, web()))
    expect(fake.ran).toEqual(['seed'])
    await upWith(fake, web())
    expect(fake.ran).toEqual(['seed', 'announce'])
  })

  test('are run again where the engine has forgotten how they ended', async () => {
    const fake = anEngine()
    await cutOff(fake, 'exec', 0, 'after', () => upWith(fake, web()))
    await upWith({ engine: { ...fake.engine, inspectExec: async () => undefined } }, web())
    expect(fake.ran).toEqual(['seed', 'seed', 'announce'])
    expect(marks(fake)).toEqual([])
  })

  test('are waited for where they still run', async () => {
    const fake = anEngine()
    await cutOff(fake, 'exec', 0, 'after', () => upWith(fake, web()))
    let looks = 0
    const inspectExec = async (id: string) => (looks++ < 2 ? { running: true } : await fake.engine.inspectExec(id))
    await upWith({ engine: { ...fake.engine, inspectExec } }, web())
    expect([looks, fake.ran]).toEqual([3, ['seed', 'announce']])
  })

  test('and have failed are run again', async () => {
    let code = 3
    const fake = anEngine({ runs: ([command]) => (command === 'seed' ? code : 0) })
    await expect(upWith(fake, web())).rejects.toThrow('web hook exited with status 3')
    await expect(upWith(fake, web())).rejects.toThrow('web hook exited with status 3')
    code = 0
    await upWith(fake, web())
    expect(fake.ran).toEqual(['seed', 'seed', 'seed', 'announce'])
    expect(marks(fake)).toEqual([])
  })

  test('before a stop, and still run, are waited for instead of begun beside', async () => {
    const project = web({ post_start: [], pre_stop: [{ command: ['drain'] }] })
    const fake = anEngine()
    await upWith(fake, project)
    await cutOff(fake, 'exec', 0, 'after', () => downWith(fake, project))
    await downWith({ engine: { ...fake.engine, inspectExec: async () => ({ running: false, exitCode: 0 }) } }, project)
    expect(fake.ran).toEqual(['drain'])
    expect(marks(fake)).toEqual([])
  })
})

describe('whatever call an interrupted run ends at', () => {
  const project = web({ scale: 2, pre_stop: [{ command: ['drain'] }] })

  test.each(['before', 'after'] as const)(
    'each hook has run once per start, when it is cut off %s the call',
    async when => {
      for (let nth = 0, hit = true; hit; nth++) {
        hit = false
        const fake = anEngine()
        fake.inject((_, n) => {
          hit ||= n === nth
          return n >= nth
            ? { when: n === nth ? when : 'before', error: new EngineError('failed', 'cut off') }
            : undefined
        })
        await upWith(fake, project).catch(() => {})
        fake.inject(undefined)
        await upWith(fake, project)
        expect(fake.ran.toSorted(), `cut off at call ${nth}`).toEqual(['announce', 'announce', 'seed', 'seed'])
        expect(await stepsOf(fake, project)).toBe('')
        expect(marks(fake)).toEqual([])
      }
    },
  )
})

describe('a hook before the start that an interrupted run has begun', () => {
  const project = shop({ services: { web: { pre_start: [{ command: ['migrate'], image: 'migrate:1' }] } } })
  const migrations = (fake: FakeEngine) =>
    fake.calls.filter(c => c.name === 'createContainer' && c.about === 'shop-web-pre_start-0').length
  const engine = (exits?: number) =>
    fakeEngine({
      images: ['app:1', 'migrate:1'],
      behave: spec => (spec.image === 'migrate:1' && exits !== undefined ? { exits } : {}),
    })

  test('is waited for where it still runs', async () => {
    const fake = engine()
    await cutOff(fake, 'startContainer', 0, 'after', () => upWith(fake, project))
    const done = upWith(fake, project)
    await expect.poll(() => fake.calls.filter(c => c.name === 'events').length).toBeGreaterThan(1)
    fake.exit('shop-web-pre_start-0', 0)
    await done
    expect(migrations(fake)).toBe(1)
    expect(fake.containers().map(c => `${c.name} ${c.state}`)).toEqual(['shop-web-1 running'])
  })

  test('is not run again where it has ended well', async () => {
    const fake = engine(0)
    await cutOff(fake, 'startContainer', 0, 'after', () => upWith(fake, project))
    await upWith(fake, project)
    expect(migrations(fake)).toBe(1)
    expect(fake.containers().map(c => `${c.name} ${c.state}`)).toEqual(['shop-web-1 running'])
  })

  test('is run again where it has failed, or is another one now', async () => {
    const fake = engine(0)
    await cutOff(fake, 'startContainer', 0, 'after', () => upWith(fake, project))
    const other = shop({ services: { web: { pre_start: [{ command: ['migrate', 'more'], image: 'migrate:1' }] } } })
    await upWith(fake, other)
    expect(migrations(fake)).toBe(2)
  })
})
