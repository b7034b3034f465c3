import { describe, expect, test } from 'vitest'
import { hashedText, networkHash, serviceHash, volumeHash } from '../../src/local/hash.ts'
import type { Service } from '../../src/model/project.ts'
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
