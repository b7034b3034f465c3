import { describe, expect, test } from 'vitest'
import { type LifecycleWishes, planRestart, planStart, planStop } from '../../src/local/lifecycle.ts'
import { observe } from '../../src/local/observe.ts'
import { format } from '../../src/plan/plan.ts'
import { fakeEngine } from '../kit/fake-engine.ts'
import { upWith } from '../kit/run.ts'
import { type Declared, shop } from '../kit/shop.ts'

const needs = (name: string, more = {}) => ({
  [name]: { condition: 'service_started' as const, required: true, ...more },
})
const services: Declared['services'] = {
  db: { healthcheck: { test: ['CMD', 'true'] } },
  api: { depends_on: needs('db', { condition: 'service_healthy' }) },
  web: { depends_on: needs('api', { restart: true }) },
}
const wishes: LifecycleWishes = { name: 'shop', project: undefined, separator: '-' }
const lines = (...all: string[]) => all.join('\n')

async function running() {
  const fake = fakeEngine({ images: ['app:1'] })
  await upWith(fake, shop({ services }))
  return { fake, observed: () => observe(fake.engine, 'shop') }
}

async function stopped() {
  const { fake, observed } = await running()
  for (const c of fake.containers()) await fake.engine.stopContainer(c.id)
  return { fake, observed }
}

describe('stop', () => {
  test('takes dependants first, by what labels say', async () => {
    const { observed } = await running()
    expect(format(planStop(await observed(), wishes))).toBe(
      lines(
        '[] -> #1 shop-web-1: stop-container (asked)',
        '[1] -> #2 shop-api-1: stop-container (asked)',
        '[2] -> #3 shop-db-1: stop-container (asked)',
      ),
    )
  })

  test('leaves alone what does not run, and keeps the order across it', async () => {
    const { fake, observed } = await running()
    fake.exit('shop-api-1', 0)
    expect(format(planStop(await observed(), wishes))).toBe(
      lines('[] -> #1 shop-web-1: stop-container (asked)', '[1] -> #2 shop-db-1: stop-container (asked)'),
    )
  })

  test('takes only the named services', async () => {
    const { observed } = await running()
    expect(format(planStop(await observed(), { ...wishes, services: ['db'] }))).toBe(
      '[] -> #1 shop-db-1: stop-container (asked)',
    )
  })

  test('of an unknown service is refused', async () => {
    const { observed } = await running()
    const seen = await observed()
    expect(() => planStop(seen, { ...wishes, services: ['nope'] })).toThrow('no such service: nope')
  })
})

describe('start', () => {
  test('takes dependencies first and waits for what they are asked to be', async () => {
    const { observed } = await stopped()
    expect(format(planStart(await observed(), wishes))).toBe(
      lines(
        '[] -> #1 shop-db-1: start-container (asked)',
        '[1] -> #2 shop-db-1: wait',
        '[1,2] -> #3 shop-api-1: start-container (asked)',
        '[3] -> #4 shop-web-1: start-container (asked)',
      ),
    )
  })

  test('takes what a named service needs, too', async () => {
    const { observed } = await stopped()
    expect(format(planStart(await observed(), { ...wishes, services: ['api'] }))).toBe(
      lines(
        '[] -> #1 shop-db-1: start-container (asked)',
        '[1] -> #2 shop-db-1: wait',
        '[1,2] -> #3 shop-api-1: start-container (asked)',
      ),
    )
  })

  test('has nothing to do where all runs', async () => {
    const { observed } = await running()
    expect(format(planStart(await observed(), wishes))).toBe('')
  })

  test('of a service that has no container is refused', async () => {
    const { fake, observed } = await stopped()
    await fake.engine.removeContainer('shop-web-1')
    const seen = await observed()
    const declared = { ...wishes, project: shop({ services }), services: ['web'] }
    expect(() => planStart(seen, declared)).toThrow('service "web" has no container to start')
  })
})

test('start runs what is to run before the first of a service starts, and only then', async () => {
  const { fake, observed } = await stopped()
  const preStart = (service: string, sibling: string) =>
    service === 'api' ? [{ name: 'hook', spec: { image: 'app:1', labels: {}, volumes_from: [sibling] } }] : []
  const steps = async () => format(planStart(await observed(), { ...wishes, services: ['api'], preStart }))
  expect(await steps()).toMatch(/ api: run-to-end \(asked\)\n.* shop-api-1: start-container \(asked\)/)
  await fake.engine.startContainer('shop-api-1')
  expect(await steps()).not.toContain('run-to-end')
})

describe('restart', () => {
  test('takes with it the dependants that ask for it, after it', async () => {
    const { observed } = await running()
    expect(format(planRestart(await observed(), { ...wishes, services: ['api'] }))).toBe(
      lines('[] -> #1 shop-api-1: restart-container (asked)', '[1] -> #2 shop-web-1: restart-container (asked)'),
    )
  })

  test('takes only the named services, where that is asked for', async () => {
    const { observed } = await running()
    expect(format(planRestart(await observed(), { ...wishes, services: ['api'], noDeps: true }))).toBe(
      '[] -> #1 shop-api-1: restart-container (asked)',
    )
  })

  test('of everything orders only what asks to be restarted', async () => {
    const { observed } = await running()
    expect(format(planRestart(await observed(), wishes))).toBe(
      lines(
        '[] -> #1 shop-db-1: restart-container (asked)',
        '[] -> #2 shop-api-1: restart-container (asked)',
        '[2] -> #3 shop-web-1: restart-container (asked)',
      ),
    )
  })
})
