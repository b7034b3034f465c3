import { describe, expect, test } from 'vitest'
import { candidates, type Wanted } from '../../src/engine/candidates.ts'
import { EngineError } from '../../src/engine/errors.ts'

const of = (wanted: Partial<Wanted>) =>
  candidates({ env: {}, home: '/home/me', platform: 'linux', uid: 1000, ...wanted }).map(
    c => `${c.by}: ${'host' in c ? c.host : c.context}`,
  )

describe('what the user named stands alone', () => {
  test.each<[string, Partial<Wanted>, string]>([
    [
      '--host',
      { host: 'tcp://a', env: { DOCKER_HOST: 'tcp://b', DOCKER_CONTEXT: 'c' }, current: 'd' },
      '--host: tcp://a',
    ],
    ['--context', { context: 'c', env: { DOCKER_HOST: 'tcp://b' }, current: 'd' }, '--context: c'],
    ['DOCKER_HOST', { env: { DOCKER_HOST: 'tcp://b', DOCKER_CONTEXT: 'c' }, current: 'd' }, 'DOCKER_HOST: tcp://b'],
    ['DOCKER_CONTEXT', { env: { DOCKER_CONTEXT: 'c' }, current: 'd' }, 'DOCKER_CONTEXT: c'],
    ['the context in use', { current: 'd' }, 'the current docker context: d'],
  ])('%s', (_name, wanted, expected) => expect(of(wanted)).toEqual([expected]))

  test('an empty variable names nothing', () => {
    expect(of({ env: { DOCKER_HOST: '', DOCKER_CONTEXT: '' } })).toEqual(of({}))
  })

  test('a bare path is a socket, a bare address is tcp', () => {
    expect(of({ host: '/run/x.sock' })).toEqual(['--host: unix:///run/x.sock'])
    expect(of({ host: 'engine:2375' })).toEqual(['--host: tcp://engine:2375'])
  })

  test('host and context exclude each other', () => {
    expect(() => of({ host: 'tcp://a', context: 'c' })).toThrow(EngineError)
  })
})

test('the context "default" is DOCKER_HOST, or where engines usually are', () => {
  expect(of({ context: 'default', env: { DOCKER_HOST: 'tcp://b' } })).toEqual(['DOCKER_HOST: tcp://b'])
  expect(of({ env: { DOCKER_CONTEXT: 'default' }, current: 'd' })).toEqual(of({}))
})

describe('where engines usually are', () => {
  test('on Linux', () => {
    expect(of({ env: { XDG_RUNTIME_DIR: '/run/user/7' } })).toEqual([
      'default socket: unix:///var/run/docker.sock',
      'rootless: unix:///run/user/7/docker.sock',
      'rootless: unix:///home/me/.docker/run/docker.sock',
      'Docker Desktop: unix:///home/me/.docker/desktop/docker.sock',
      'Colima: unix:///home/me/.colima/default/docker.sock',
      'rootless Podman: unix:///run/user/7/podman/podman.sock',
      'Podman: unix:///run/podman/podman.sock',
    ])
    expect(of({})).toContain('rootless: unix:///run/user/1000/docker.sock')
  })

  test('on macOS', () => {
    expect(of({ platform: 'darwin', home: '/Users/me' })).toContain(
      'Podman: unix:///Users/me/.local/share/containers/podman/machine/podman.sock',
    )
  })

  test('on Windows', () => {
    expect(of({ platform: 'win32' })[0]).toBe('default pipe: npipe:////./pipe/docker_engine')
  })
})
