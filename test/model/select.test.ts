import { describe, expect, test } from 'vitest'
import { select } from '../../src/model/select.ts'
import { aProject } from '../kit/project.ts'

const started = { condition: 'service_started', required: true } as const

const stack = aProject(
  {
    web: { depends_on: { api: started, cache: started } },
    api: { depends_on: { db: started }, networks: { back: null } },
    db: { volumes: [{ type: 'volume', source: 'data', target: '/d' }], secrets: [{ source: 'password' }] },
    cache: {},
    admin: { networks: { front: null } },
  },
  {
    disabled: { debug: { profiles: ['dev'] } },
    networks: { front: { name: 'p_front' }, back: { name: 'p_back' } },
    volumes: { data: { name: 'p_data' }, unused: { name: 'p_unused' } },
    secrets: { password: { file: '/x' } },
  },
)

const names = (record: object) => Object.keys(record)

describe('services', () => {
  test('all of them when none is named', () => {
    expect(names(select(stack, {}).services)).toEqual(['web', 'api', 'db', 'cache', 'admin'])
  })

  test('the named ones with what they need', () => {
    expect(names(select(stack, { services: ['api'] }).services)).toEqual(['api', 'db'])
  })

  test('only the named ones when dependencies are left out, and these are then not waited for', () => {
    expect(select(stack, { services: ['web'], noDeps: true }).services).toEqual({ web: {} })
  })

  test('names may be patterns', () => {
    expect(names(select(stack, { services: ['a*'], noDeps: true }).services)).toEqual(['api', 'admin'])
  })

  test('the others are declared still', () => {
    expect(names(select(stack, { services: ['cache'] }).disabled)).toEqual(['debug', 'web', 'api', 'db', 'admin'])
  })
})

describe('resources', () => {
  test('only those in use', () => {
    const { networks, volumes, secrets } = select(stack, { services: ['db'] })
    expect([names(networks), names(volumes), names(secrets)]).toEqual([[], ['data'], ['password']])
  })

  test('all, when asked for', () => {
    expect(names(select(stack, { services: ['db'], allResources: true }).volumes)).toEqual(['data', 'unused'])
  })
})

describe('a name that is none', () => {
  const problem = (name: string) => {
    try {
      select(stack, { services: [name] })
    } catch (error) {
      return (error as Error & { problems: unknown[] }).problems[0]
    }
    return undefined
  }

  test('is told, with the nearest one', () => {
    expect(problem('wbe')).toMatchObject({
      code: 'no-such-service',
      message: 'no such service: wbe',
      hint: 'did you mean "web"?',
    })
  })

  test('is told with its profiles when it is off', () => {
    expect(problem('debug')).toMatchObject({
      hint: '"debug" is off, its profiles are "dev"; turn one on with --profile',
    })
  })

  test('a pattern that matches nothing', () => {
    expect(problem('z*')).toMatchObject({ message: 'no such service: z*' })
  })
})
