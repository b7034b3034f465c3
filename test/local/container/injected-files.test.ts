import { expect, test } from 'vitest'
import { injectedFiles } from '../../../src/local/container/injected-files.ts'
import { aProject } from '../../kit/project.ts'

test('secrets and configs with content are put in, owned and readable as asked', () => {
  const project = aProject(
    {
      web: {
        secrets: [{ source: 's' }, { source: 'f' }],
        configs: [{ source: 'c', target: '/etc/c', uid: '5', gid: '6', mode: 0o400 }],
      },
    },
    { secrets: { s: { content: 'pw' }, f: { file: '/f' } }, configs: { c: { content: 'text' } } },
  )
  expect(injectedFiles(project, 'web')).toEqual([
    { path: '/run/secrets/s', content: 'pw', uid: 0, gid: 0, mode: 0o444 },
    { path: '/etc/c', content: 'text', uid: 5, gid: 6, mode: 0o400 },
  ])
})

test('empty content makes no file', () => {
  const project = aProject({ web: { configs: [{ source: 'c' }] } }, { configs: { c: { content: '' } } })
  expect(injectedFiles(project, 'web')).toEqual([])
})

test('a file is put where an owner or a mode is asked for, byte for byte', () => {
  const bytes = Uint8Array.of(0, 255, 10)
  const web = { secrets: [{ source: 'a', uid: '7' }, { source: 'b' }, { source: 'c', mode: 0o400 }] }
  const secrets = { a: { file: '/a' }, b: { file: '/b' }, c: { file: '/missing' } }
  const contents = new Map([
    ['/a', bytes],
    ['/b', bytes],
  ])
  expect(injectedFiles(aProject({ web }, { secrets }), 'web', contents)).toEqual([
    { path: '/run/secrets/a', content: bytes, uid: 7, gid: 0, mode: 0o444 },
  ])
  expect(injectedFiles(aProject({ web }, { secrets }), 'web')).toEqual([])
})
