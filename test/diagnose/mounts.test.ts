import { expect, test } from 'vitest'
import { diagnose } from '../../src/diagnose/diagnose.ts'
import { nowhere } from '../../src/text/origin.ts'
import { aProject } from '../kit/project.ts'
import { aSubject } from '../kit/subject.ts'

const missing = (path: string) =>
  aSubject({
    failure: {
      doing: 'create',
      message: `invalid mount config for type "bind": bind source path does not exist: ${path}`,
    },
  })

test('a file that is missing is told as the secret’s where it is one, and as a mount otherwise', () => {
  const project = { ...aProject({ web: { secrets: [{ source: 'key' }] } }), secrets: { key: { file: '/srv/my key' } } }
  const told = (path: string) =>
    diagnose(
      {
        now: 0,
        engine: { flavour: 'docker', version: '28.5.2', os: 'linux', arch: 'amd64' },
        project,
        subjects: [missing(path)],
        neighbours: [],
        networks: [],
      },
      new Map(),
      nowhere,
    ).findings
  expect(told('/srv/my key')).toMatchObject([
    {
      code: 'secret-source-missing',
      message: '"web" could not be made: "/srv/my key", the file of secret "key", does not exist',
    },
  ])
  expect(told('/srv/other')).toMatchObject([
    {
      code: 'bind-source-missing',
      message: '"web" could not be made: "/srv/other", which is to be mounted, does not exist',
    },
  ])
})
