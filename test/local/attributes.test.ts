import { describe, expect, test } from 'vitest'
import { attributeHashes, attributesLabel, changedAttributes } from '../../src/local/attributes.ts'
import type { Project, Service } from '../../src/model/project.ts'
import { aProject } from '../kit/project.ts'

const onDefault = { networks: { default: null } }

describe('attributes', () => {
  const hashes = (service: Service, more: Partial<Project> = {}) =>
    attributeHashes(aProject({ web: service }, more), 'web')
  const changes = (before: Service, after: Service) => changedAttributes(attributesLabel(hashes(before)), hashes(after))

  test('are told key by key in mappings, and whole in lists', () => {
    const service: Service = {
      image: 'x',
      environment: { A: '1', 'b.c': null },
      ports: [{ target: 80 }, { target: 81 }],
      healthcheck: { test: ['CMD', 'true'], interval: 1000 },
      ...onDefault,
    }
    expect(Object.keys(hashes(service)).toSorted()).toEqual([
      'environment.A',
      'environment.b.c',
      'healthcheck.interval',
      'healthcheck.test',
      'image',
      'networks.default',
      'ports',
    ])
    for (const hash of Object.values(hashes(service))) expect(hash).toMatch(/^[0-9a-f]{8}$/)
  })
  test('that never reach a container are not told', () => {
    const service: Service = { attach: false, develop: { watch: [] }, scale: 2, build: { context: '/a' } }
    expect(hashes(service)).toEqual({})
    expect(changes({ deploy: { mode: 'replicated' } }, { deploy: { placement: { constraints: ['a'] } } })).toEqual([])
    expect(changes({}, { deploy: { replicas: 2 } })).toEqual([])
  })
  test('are the same where a network is named with nothing said of it, in whatever way', () => {
    expect(changes({ networks: { a: null } }, { networks: { a: {} } })).toEqual([])
    expect(changes({ networks: { a: null } }, { networks: { a: null, b: null } })).toEqual(['networks.b'])
  })
  test('say what changed, came and went', () => {
    const before: Service = { image: 'x', environment: { A: '1', B: '2', C: '3' }, user: 'me' }
    const after: Service = { image: 'y', environment: { A: '1', B: '3', D: '4' }, read_only: true }
    expect(changes(before, after)).toEqual([
      'environment.B',
      'environment.C',
      'environment.D',
      'image',
      'read_only',
      'user',
    ])
    expect(changes(before, before)).toEqual([])
  })
  test('contain the content of configs and secrets, and of secrets only what is slow to guess', () => {
    const service: Service = { secrets: [{ source: 's' }], configs: [{ source: 'c' }] }
    const of = (content: string, name = 'shop') =>
      hashes(service, { name, secrets: { s: { content } }, configs: { c: { content } } })
    const [one, other, elsewhere] = [of('pw'), of('px'), of('pw', 'blog')]
    expect(one['configs.c']).not.toBe(other['configs.c'])
    expect(one['secrets.s']).not.toBe(other['secrets.s'])
    expect(one['configs.c']).toBe(elsewhere['configs.c'])
    expect(one['secrets.s']).not.toBe(elsewhere['secrets.s'])
    expect(one['secrets.s']).toMatch(/^[0-9a-f]{8}$/)
    expect(of('pw')).toEqual(one)
  })
})

test('the content of a file is as good as content that is written out', () => {
  const project = aProject({ web: { configs: [{ source: 'c' }] } }, { configs: { c: { file: '/c' } } })
  const of = (text: string) => attributeHashes(project, 'web', new Map([['/c', Buffer.from(text)]]))
  expect(of('a')['configs.c']).not.toBe(of('b')['configs.c'])
  expect(attributeHashes(project, 'web')).not.toHaveProperty(['configs.c'])
})

describe('the label of attributes', () => {
  test('is one JSON object with sorted keys', () => {
    expect(attributesLabel({ b: '2', a: '1' })).toBe('{"@":"1","a":"1","b":"2"}')
  })
  test.each([
    ['is absent', undefined],
    ['is no JSON', '{'],
    ['is another JSON', '[]'],
    ['is null', 'null'],
    ['has another form', '{"@":"0","a":"1"}'],
  ])('tells nothing where it %s', (_, label) => expect(changedAttributes(label, { a: '1' })).toBeUndefined())
})
