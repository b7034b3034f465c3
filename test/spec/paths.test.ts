import { describe, expect, test } from 'vitest'
import { absolute, absoluteContext, absoluteOrWindows, cleaned } from '../../src/spec/paths.ts'
import type { Context } from '../../src/spec/shape.ts'

const context: Context = { report: () => {}, base: '/project', home: '/home/me', windows: false, resolvePaths: true }

describe('a relative path is one of the project', () => {
  test.each([
    ['./a', '/project/a'],
    ['a/../b/', '/project/b'],
    ['..', '/'],
    ['', '/project'],
    ['/a/../b', '/a/../b'],
    ['~', '/home/me'],
    ['~/a', '/home/me/a'],
    ['~u/a', '/home/me/u/a'],
    ['C:z', '/project/C:z'],
  ])('"%s" is %s', (path, full) => expect(absolute(path, context)).toBe(full))
})

test('paths of Windows stay, where there may be some', () => {
  expect(['C:\\a', 'C:/a', '\\\\srv\\share', 'C:z'].map(path => absoluteOrWindows(path, context))).toEqual([
    'C:\\a',
    'C:/a',
    '\\\\srv\\share',
    '/project/C:z',
  ])
})

test('what is fetched is no path', () => {
  const remote = ['https://a/b.git#main', 'git@a:b', 'github.com/a/b', 'service:web', 'docker-image://x', 'ssh://a']
  expect(remote.map(path => absoluteContext(path, context))).toEqual(remote)
  expect(absoluteContext('app', context)).toBe('/project/app')
})

test('with --no-path-resolution all stay as they are', () => {
  expect(absolute('./a', { ...context, resolvePaths: false })).toBe('./a')
})

test('a path in a container is cleaned', () => {
  expect(['/x/', '/a//b/../c', '/', '', '.'].map(cleaned)).toEqual(['/x', '/a/c', '/', '.', '.'])
})
