import { describe, expect, test } from 'vitest'
import { EngineError } from '../../src/engine/errors.ts'
import type { Service } from '../../src/model/project.ts'
import { type Behaviour, fakeEngine } from '../kit/fake-engine.ts'
import { downWith, formatted, stepsOf, upWith } from '../kit/run.ts'
import { shop } from '../kit/shop.ts'

const images = ['app:1', 'migrate:1']
const hooked: Service = {
  pre_start: [{ command: ['migrate'], image: 'migrate:1' }],
  post_start: [{ command: ['warm'] }, { command: ['announce'] }],
  pre_stop: [{ command: ['drain'] }],
}
const web = (more: Service = {}) => shop({ services: { web: { ...hooked, ...more } } })
const lines = (...all: string[]) => all.join('\n')
const engine = (behaviour: Behaviour = {}) =>
  fakeEngine({ images, behave: spec => (spec.image === 'migrate:1' ? { exits: 0, ...behaviour } : behaviour) })

describe('hooks', () => {
  test('run before the first replica starts, and after each has started', async () => {
    expect(await stepsOf(engine(), web({ scale: 2 }))).toBe(
      lines(
        '[] -> #1 shop_default: create-network (missing)',
        '[1] -> #2 shop-web-1: create-container (missing)',
        '[1] -> #3 shop-web-2: create-container (missing)',
        '[2,3] -> #4 web: run-to-end',
        '[2,4] -> #5 shop-web-1: owe-hooks (missing)',
        '[5] -> #6 shop-web-1: start-container (missing)',
        '[6] -> #7 shop-web-1: run-hook (missing)',
        '[7] -> #8 shop-web-1: run-hook (missing)',
        '[8] -> #9 shop-web-1: settle-hooks (missing)',
        '[3,4] -> #10 shop-web-2: owe-hooks (missing)',
        '[10] -> #11 shop-web-2: start-container (missing)',
        '[11] -> #12 shop-web-2: run-hook (missing)',
        '[12] -> #13 shop-web-2: run-hook (missing)',
        '[13] -> #14 shop-web-2: settle-hooks (missing)',
      ),
    )
  })

  test('leave nothing behind', async () => {
    const fake = engine()
    await upWith(fake, web())
    expect(fake.containers().map(c => `${c.name} ${c.state}`)).toEqual(['shop-web-1 running'])
    expect(fake.volumes()).toEqual([])
    expect(await stepsOf(fake, web())).toBe('')
  })

  test('of the first start are not run again beside a replica that runs', async () => {
    const fake = engine()
    await upWith(fake, web())
    expect(await stepsOf(fake, web({ scale: 2 }))).not.toContain('run-to-end')
  })

  test('run before a container is stopped to be replaced', async () => {
    const fake = engine()
    await upWith(fake, web())
    expect(await stepsOf(fake, web({ user: 'me' }))).toBe(
      lines(
        '[] -> #1 shop-web-1: create-container (user)',
        '[1] -> #2 shop-web-1: run-hook (user)',
        '[2] -> #3 shop-web-1: stop-container (user)',
        '[1,3] -> #4 web: run-to-end',
        '[1,3,4] -> #5 shop-web-1: owe-hooks (user)',
        '[5] -> #6 shop-web-1: start-container (user)',
        '[6] -> #7 shop-web-1: run-hook (user)',
        '[7] -> #8 shop-web-1: run-hook (user)',
        '[8] -> #9 shop-web-1: settle-hooks (user)',
        '[9] -> #10 shop-web-1: wait (user)',
        '[1,3,10] -> #11 shop-web-1: remove-container (user)',
        '[11] -> #12 shop-web-1: rename-container (user)',
      ),
    )
  })

  test('run before down stops a container, where a file says so', async () => {
    const fake = engine()
    await upWith(fake, web())
    const { stages } = await downWith(fake, web())
    expect(formatted(stages[0]!.outline)).toBe(
      lines(
        '[] -> #1 shop-web-1: run-hook (asked)',
        '[1] -> #2 shop-web-1: stop-container (asked)',
        '[2] -> #3 shop-web-1: remove-container (asked)',
        '[3] -> #4 shop_default: remove-network (asked)',
      ),
    )
  })

  test('of the first start are not run again for a replacement that an interrupted run has started', async () => {
    const fake = engine()
    await upWith(fake, web())
    const [old] = fake.containers()
    const error = new EngineError('failed', 'server error', { status: 500 })
    fake.inject(({ name, about }) =>
      name === 'removeContainer' && about === old!.id ? { when: 'before', error } : undefined,
    )
    await expect(upWith(fake, web({ user: 'me' }))).rejects.toThrow('server error')
    fake.inject(undefined)
    const plan = await stepsOf(fake, web({ user: 'me' }))
    expect(plan).toContain('shop-web-1: remove-container (user, leftover)')
    expect(plan).not.toContain('run-to-end')
  })

  test('that fail after the start fail the run', async () => {
    const fake = engine({ runs: ([command]) => (command === 'warm' ? 3 : 0) })
    await expect(upWith(fake, web())).rejects.toThrow('web hook exited with status 3')
  })

  test('that fail before the start keep the service from starting, and are kept to be looked at', async () => {
    const fake = engine({ exits: 4 })
    await expect(upWith(fake, web())).rejects.toThrow('service "web" pre_start[0] exited with code 4')
    expect(fake.containers().map(c => `${c.name} ${c.state}`)).toEqual([
      'shop-web-1 created',
      'shop-web-pre_start-0 exited',
    ])
    await downWith(fake, web())
    expect(fake.containers()).toEqual([])
  })
})
