import { describe, expect, test } from 'vitest'
import {
  attributeHashes,
  attributesLabel,
  changedAttributes,
  hashedText,
  networkHash,
  serviceHash,
  volumeHash,
} from '../../src/local/hash.ts'
import type { Project, Service } from '../../src/model/project.ts'
import { aProject } from '../kit/project.ts'

const none = () => undefined
const onDefault = { networks: { default: null } }
const text = (service: Service, parent: (name: string) => string | undefined = none) =>
  hashedText(aProject({ web: { ...onDefault, ...service } }), 'web', parent)

describe('hashes are those of docker compose 5.5', () => {
  test('of a service', () => {
    const project = aProject({ web: { image: 'busybox', ...onDefault } })
    expect(serviceHash(project, 'web', none)).toBe('2afd7866203dca40993313263173003833e9de9c3ad83f2f59484e32a5605234')
  })
  test('of a network', () => {
    const project = aProject({}, { networks: { default: { name: 'p_default' } } })
    expect(networkHash(project, 'default')).toBe('cca2b3a66c94bd18c278d0ace2145197839f42c28f96dcd3878eeb5d03f53510')
  })
  test('of a volume, whose driver is "local" where none is said', () => {
    const project = aProject({}, { volumes: { a: { name: 'p_data' }, b: { name: 'p_data', driver: 'local' } } })
    expect(volumeHash(project, 'a')).toBe('bf2094b43d065b5f7aad7544497a3ed48d6551b83c79e6c2d0827b7337fcdd4b')
    expect(volumeHash(project, 'b')).toBe(volumeHash(project, 'a'))
  })
})

describe('in the hash of a service', () => {
  test('command and entrypoint are always there', () => {
    expect(text({ image: 'x' })).toBe('{"command":null,"entrypoint":null,"image":"x","networks":{"default":null}}')
  })
  test('how many there are, when they start and how the image comes to be are not', () => {
    const { build, ...rest } = {
      build: { context: '/a' },
      scale: 3,
      pull_policy: 'always',
      profiles: ['a'],
      depends_on: { db: { condition: 'service_started', required: true } },
    } as const
    expect(text({ image: 'x', build, ...rest })).toBe(text({ image: 'x' }))
    expect(text({ image: 'x', deploy: { replicas: 2 } })).toBe(text({ image: 'x', deploy: {} }))
    expect(text({ image: 'x', deploy: {} })).not.toBe(text({ image: 'x' }))
  })
  test('the default platform is that of a service that is built', () => {
    const environment = { DOCKER_DEFAULT_PLATFORM: 'linux/arm64' }
    const of = (service: Service) => hashedText(aProject({ web: service }, { environment }), 'web', none)
    expect(of({ build: {} })).toContain('"platform":"linux/arm64"')
    expect(of({ image: 'x' })).not.toContain('platform')
  })
  test('a borrowed namespace is its container, and borrowed volumes are it without their mode', () => {
    const service: Service = {
      image: 'x',
      network_mode: 'service:db',
      pid: 'service:db',
      ipc: 'host',
      volumes_from: ['db:ro', 'container:other:ro'],
    }
    const hashed = text({ ...service, networks: {} }, name => `id-of-${name}`)
    expect(hashed).toContain('"network_mode":"container:id-of-db"')
    expect(hashed).toContain('"pid":"container:id-of-db"')
    expect(hashed).toContain('"ipc":"host"')
    expect(hashed).toContain('"volumes_from":["id-of-db","other"]')
    expect(text({ ...service, networks: {} })).toContain('"network_mode":"service:db"')
    expect(text({ ...service, networks: {} })).toContain('"volumes_from":["db:ro","other"]')
  })
})

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
