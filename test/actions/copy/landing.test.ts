import { describe, expect, test } from 'vitest'
import { divided, landing, normal, renamed } from '../../../src/actions/copy/landing.ts'

const here = (path: string, what: 'file' | 'directory' | 'nothing') => ({
  path,
  exists: what !== 'nothing',
  directory: what === 'directory',
})

describe('where a copy comes to lie', () => {
  const file = { path: '/from/file', directory: false }
  const directory = { path: '/from/dir', directory: true }
  const content = { path: '/from/dir/.', directory: true }

  test.each([
    ['a file, into a directory that is there', file, here('/to', 'directory'), '/to'],
    ['a file, in the place of another', file, here('/to/new', 'file'), '/to: file -> new'],
    ['a file, by a new name', file, here('/to/new', 'nothing'), '/to: file -> new'],
    ['a directory, into one that is there', directory, here('/to', 'directory'), '/to'],
    ['a directory, by a new name', directory, here('/to/new', 'nothing'), '/to: dir -> new'],
    ['a directory, by a new name with a "/"', directory, here('/to/new/', 'nothing'), '/to: dir -> new'],
    ['its content, into a directory that is there', content, here('/to', 'directory'), '/to'],
    ['its content, into a new one', content, here('/to/new', 'nothing'), '/to: . -> new'],
    ['all of a file system', { path: '/', directory: true }, here('/to/new', 'nothing'), '/to:  -> new'],
    [
      'a link, by the name it was asked for',
      { ...file, name: 'asked' },
      here('/to/new', 'nothing'),
      '/to: asked -> new',
    ],
  ])('%s', (_, source, destination, expected) => {
    const { directory, rename } = landing(source, destination)
    expect(rename ? `${directory}: ${rename.from} -> ${rename.to}` : directory).toBe(expected)
  })

  test('a directory does not replace a file', () => {
    expect(() => landing(directory, here('/to/file', 'file'))).toThrow('cannot copy directory')
    expect(() => landing(content, here('/to/file', 'file'))).toThrow('cannot copy directory')
  })

  test('a file does not become a directory that is not there', () => {
    expect(() => landing(file, here('/to/new/', 'nothing'))).toThrow('no such directory')
    expect(() => landing(file, here('/to/new/.', 'nothing'))).toThrow('no such directory')
  })
})

test.each([
  ['/a/b', '/a', 'b'],
  ['/a/b/', '/a', 'b'],
  ['/a/b/.', '/a/b', '.'],
  ['/a', '/', 'a'],
  ['/', '/', ''],
  ['/.', '/', '.'],
  ['.', '.', '.'],
  ['a', '.', 'a'],
  ['/a/../b', '/', 'b'],
])('"%s" is in "%s", called "%s"', (path, directory, name) => {
  expect(divided(path)).toEqual([directory, name])
})

test.each([
  ['/a//b/./c/..', '/a/b'],
  ['/../a', '/a'],
  ['../a/../../b', '../../b'],
  ['', '.'],
])('"%s" is "%s"', (path, clean) => {
  expect(normal(path)).toBe(clean)
})

describe('the topmost name of an archive is another one', () => {
  test.each([
    ['d', { from: 'd', to: 'new' }, 'new'],
    ['d/file', { from: 'd', to: 'new' }, 'new/file'],
    ['d/d/d', { from: 'd', to: 'new' }, 'new/d/d'],
    ['./file', { from: '.', to: 'new' }, 'new/file'],
    ['/', { from: '', to: 'new' }, 'new/'],
    ['/etc/hosts', { from: '', to: 'new' }, 'new/etc/hosts'],
  ])('%s', (path, rename, expected) => {
    expect(renamed(path, rename)).toBe(expected)
  })

  test('and nothing that stands beside it comes along', () => {
    expect(() => renamed('dd/file', { from: 'd', to: 'new' })).toThrow('which is not in "d"')
  })
})
