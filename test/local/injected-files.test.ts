import { expect, test } from 'vitest'
import { injectedFiles } from '../../src/local/injected-files.ts'
import { aProject } from '../kit/project.ts'

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
