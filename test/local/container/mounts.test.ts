import { describe, expect, test } from 'vitest'
import type { LiveMount } from '../../../src/engine/engine.ts'
import { configTarget, mounts, secretTarget } from '../../../src/local/container/mounts.ts'
import type { Mount, Service } from '../../../src/model/project.ts'
import { aProject } from '../../kit/project.ts'

const volumes = { data: { name: 'shop_data' } }
const mounted = (service: Service) => mounts(aProject({ web: service }, { volumes }), service)
const one = (volume: Mount) => mounted({ volumes: [volume] })

describe('mounts that the old text form can say take it, so that missing host directories are made', () => {
  test.each<[string, Mount, string]>([
    ['a directory', { type: 'bind', source: '/srv/a', target: '/a' }, '/srv/a:/a:rw'],
    ['a read-only file', { type: 'bind', source: '/etc/x', target: '/x', read_only: true }, '/etc/x:/x:ro'],
    ['a declared volume', { type: 'volume', source: 'data', target: '/d' }, 'shop_data:/d:rw'],
    ['a SELinux label', { type: 'bind', source: '/a', target: '/a', bind: { selinux: 'Z' } }, '/a:/a:rw,Z'],
    ['propagation', { type: 'bind', source: '/a', target: '/a', bind: { propagation: 'rslave' } }, '/a:/a:rw,rslave'],
    ['that paths are made', { type: 'bind', source: '/a', target: '/a', bind: { create_host_path: true } }, '/a:/a:rw'],
  ])('%s', (_, volume, text) => expect(one(volume)).toEqual({ binds: [text] }))
})

describe('all others take the new form', () => {
  test.each<[string, Mount, unknown]>([
    ['an anonymous volume', { type: 'volume', target: '/a' }, { type: 'volume', target: '/a' }],
    [
      'a volume that is not filled from the image',
      { type: 'volume', source: 'data', target: '/d', read_only: true, volume: { nocopy: true } },
      { type: 'volume', source: 'shop_data', target: '/d', read_only: true, volume: { no_copy: true } },
    ],
    [
      'a part of a volume',
      { type: 'volume', source: 'data', target: '/d', volume: { subpath: 'a/b', labels: { l: '1' } } },
      { type: 'volume', source: 'shop_data', target: '/d', volume: { subpath: 'a/b', labels: { l: '1' } } },
    ],
    [
      'a path that must be there',
      { type: 'bind', source: '/a', target: '/a', bind: { create_host_path: false, propagation: 'rprivate' } },
      { type: 'bind', source: '/a', target: '/a', bind: { propagation: 'rprivate' } },
    ],
    [
      'a path without what is mounted below it',
      { type: 'bind', source: '/a', target: '/a', bind: { recursive: 'disabled', create_host_path: true } },
      { type: 'bind', source: '/a', target: '/a', bind: { non_recursive: true, create_mountpoint: true } },
    ],
    [
      'a path that is read-only all the way down',
      { type: 'bind', source: '/a', target: '/a', read_only: true, bind: { recursive: 'readonly' } },
      { type: 'bind', source: '/a', target: '/a', read_only: true, bind: { read_only_force_recursive: true } },
    ],
    [
      'memory',
      { type: 'tmpfs', target: '/t', tmpfs: { size: 1048576, mode: 0o1777 } },
      { type: 'tmpfs', target: '/t', tmpfs: { size: 1048576, mode: 0o1777 } },
    ],
    [
      'an image',
      { type: 'image', source: 'busybox', target: '/i', image: { subpath: 'bin' } },
      { type: 'image', source: 'busybox', target: '/i', image: { subpath: 'bin' } },
    ],
    [
      'a volume that the project does not declare',
      { type: 'volume', source: 'else', target: '/e' },
      { type: 'volume', source: 'else', target: '/e' },
    ],
  ])('%s', (_, volume, spec) => expect(one(volume)).toEqual({ mounts: [spec] }))
})

test('of two mounts of one target the later one stands', () => {
  const service = {
    volumes: [
      { type: 'bind', source: '/a', target: '/x' },
      { type: 'bind', source: '/b', target: '/x' },
    ],
  } as const
  expect(mounted(service)).toEqual({ binds: ['/b:/x:rw'] })
})

test('nothing to mount says nothing', () => expect(mounted({})).toEqual({}))

test('secrets and configs that are files are mounted read-only, and a volume of the same target wins', () => {
  const service: Service = {
    volumes: [{ type: 'bind', source: '/own', target: '/run/secrets/b' }],
    secrets: [{ source: 'a' }, { source: 'b' }, { source: 'text' }],
    configs: [{ source: 'c', target: '/etc/c' }],
  }
  const project = aProject(
    { web: service },
    { secrets: { a: { file: '/a' }, b: { file: '/b' }, text: { content: 'x' } }, configs: { c: { file: '/c' } } },
  )
  expect(mounts(project, service)).toEqual({
    binds: ['/own:/run/secrets/b:rw'],
    mounts: [
      { type: 'bind', source: '/a', target: '/run/secrets/a', read_only: true },
      { type: 'bind', source: '/c', target: '/etc/c', read_only: true },
    ],
  })
})

test('a file that is to have an owner or a mode of its own is put and not mounted, where it can be read', () => {
  const reference = { source: 'a', mode: 0o400 }
  const of = (service: Service) =>
    mounts(aProject({ web: service }, { secrets: { a: { file: '/a' } } }), service, {
      contents: new Map([['/a', Buffer.from('x')]]),
    })
  const mount = { type: 'bind', source: '/a', target: '/run/secrets/a', read_only: true }
  expect(of({ secrets: [reference] })).toEqual({})
  expect(of({ secrets: [{ source: 'a' }] })).toEqual({ mounts: [mount] })
  expect(of({ secrets: [reference], read_only: true })).toEqual({ mounts: [mount] })
  expect(of({ secrets: [reference], tmpfs: ['/run:size=1m'] })).toEqual({ mounts: [mount] })
})

test('a secret is under /run/secrets and a config at the root, unless the target is a path', () => {
  expect([secretTarget({ source: 's' }), configTarget({ source: 's' })]).toEqual(['/run/secrets/s', '/s'])
  expect(secretTarget({ source: 's', target: 't' })).toBe('/run/secrets/t')
  expect([secretTarget, configTarget].map(of => of({ source: 's', target: '/etc/t' }))).toEqual(['/etc/t', '/etc/t'])
})

describe('a container that replaces another keeps its anonymous volumes', () => {
  const live = (mount: Partial<LiveMount>): LiveMount => ({
    type: 'volume',
    name: 'f00',
    source: '/var/lib/docker/volumes/f00/_data',
    target: '/x',
    rw: true,
    ...mount,
  })
  const replaced = (service: Service, imageVolumes: readonly string[], ...mounted: readonly LiveMount[]) =>
    mounts(aProject({ web: service }, { volumes }), service, {
      inherited: { mounts: mounted, imageVolumes },
    })

  test('those of the image', () => {
    expect(replaced({}, ['/x'], live({}))).toEqual({ mounts: [{ type: 'volume', source: 'f00', target: '/x' }] })
  })
  test('those of the service, read-only as they were', () => {
    const service: Service = { volumes: [{ type: 'volume', target: '/x' }] }
    expect(replaced(service, [], live({ rw: false }))).toEqual({
      mounts: [{ type: 'volume', source: 'f00', target: '/x', read_only: true }],
    })
  })
  test('not where the service now names a volume', () => {
    const service: Service = { volumes: [{ type: 'volume', source: 'data', target: '/x' }] }
    expect(replaced(service, ['/x'], live({}))).toEqual({ binds: ['shop_data:/x:rw'] })
  })
  test('not what neither image nor service mounts any more, and no memory', () => {
    expect(replaced({}, [], live({}))).toEqual({})
    expect(replaced({}, ['/x'], live({ type: 'tmpfs' }))).toEqual({})
  })
})
