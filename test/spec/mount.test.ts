import { describe, expect, test } from 'vitest'
import { problems, written } from './read.ts'

describe('a short mount stands for a long one', () => {
  test.each([
    ['./a:/b', { type: 'bind', source: '/project/a', target: '/b', bind: {} }],
    ['/a/../b:/c/', { type: 'bind', source: '/a/../b', target: '/c', bind: {} }],
    ['~/d:/d:rw', { type: 'bind', source: '/home/me/d', target: '/d', bind: {} }],
    ['~u/d:/d', { type: 'bind', source: '/home/me/u/d', target: '/d', bind: {} }],
    ['./a:/b:ro,z', { type: 'bind', source: '/project/a', target: '/b', read_only: true, bind: { selinux: 'z' } }],
    ['./a:/b:rshared', { type: 'bind', source: '/project/a', target: '/b', bind: { propagation: 'rshared' } }],
    ['data:/b', { type: 'volume', source: 'data', target: '/b', volume: {} }],
    ['data:/b:ro,rw,nocopy', { type: 'volume', source: 'data', target: '/b', volume: { nocopy: true } }],
    ['/anonymous', { type: 'volume', target: '/anonymous', volume: {} }],
    ['ab', { type: 'volume', target: 'ab' }],
    ['C:\\a:/x', { type: 'bind', source: 'C:\\a', target: '/x', bind: {} }],
  ])('%s', (text, expected) => expect(written('volumes', `['${text}']`)).toEqual([expected]))
})

test('a letter alone before a colon is a drive, and the user is told', () => {
  expect(written('volumes', '["v:/data"]')).toEqual([{ type: 'volume', target: 'v:/data', volume: {} }])
  expect(problems('volumes: ["v:/data"]')).toEqual([
    'warning 3:15 "v:/data" is one path in the container: a single letter before ":" is read as a drive; ' +
      'give the volume a longer name, or write "source:" and "target:"',
  ])
})

test('an option that does nothing is told', () => {
  expect(problems('volumes: ["./a:/x:bogus"]')).toEqual([
    'warning 3:15 "bogus" is not an option of a mount and has no effect; ' +
      'it takes private, rprivate, shared, rshared, slave, rslave, ro, rw, nocopy, z, Z',
  ])
})

test('a long bind makes its directory where "bind" stands, and says so only where it does not', () => {
  const long = (more: string) => `[{type: bind, source: ./s, target: /s${more}}]`
  expect(written('volumes', long(''))).toEqual([{ type: 'bind', source: '/project/s', target: '/s' }])
  expect(written('volumes', long(', bind: {}'))).toEqual([
    { type: 'bind', source: '/project/s', target: '/s', bind: {} },
  ])
  expect(written('volumes', long(', bind: {create_host_path: false}'))).toEqual([
    { type: 'bind', source: '/project/s', target: '/s', bind: { create_host_path: false } },
  ])
})

test('a later mount takes the place of an earlier one on the same target', () => {
  expect(written('volumes', '["a1:/x/", "b1:/y"]', '["c1:/x"]')).toEqual([
    { type: 'volume', source: 'c1', target: '/x', volume: {} },
    { type: 'volume', source: 'b1', target: '/y', volume: {} },
  ])
})

test('what is no mount is told with what is missing', () => {
  expect(problems('volumes: ["a1::/x", "a1:b1:c1:d1"]')).toEqual([
    'error 3:15 "a1::/x" is not a mount: a part between colons is empty; write SOURCE:TARGET or SOURCE:TARGET:OPTIONS',
    'error 3:25 "a1:b1:c1:d1" is not a mount: it has too many colons; write SOURCE:TARGET or SOURCE:TARGET:OPTIONS',
  ])
  expect(problems('volumes:\n- source: ./data\n  target: /data')).toEqual([
    'error 4:7 "type" is missing; write "type:", one of "bind", "volume", "tmpfs", "cluster", "npipe", "image"',
  ])
  expect(problems('volumes: [{type: bind, target: /x}]')).toEqual([
    'error 3:15 a bind mount has no source; write "source:", a path of this machine',
  ])
  expect(problems('volumes: [{type: bnd, target: /x}]')).toEqual([
    'error 3:22 "bnd" is not one of "bind", "volume", "tmpfs", "cluster", "npipe", "image"; did you mean "bind"?',
  ])
})
