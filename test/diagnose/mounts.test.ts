import { describe, expect, test } from 'vitest'
import { diagnose } from '../../src/diagnose/diagnose.ts'
import { nowhere } from '../../src/text/origin.ts'
import { aProject } from '../kit/project.ts'
import { aSubject, diagnosed } from '../kit/subject.ts'

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

describe('a program that finds a folder where its file was to be', () => {
  const mounts = [{ type: 'bind', source: '/srv/app.conf', target: '/etc/app.conf', rw: true }]
  const line = 'cat: read error: Is a directory'
  const told = (kind: 'directory' | 'file', empty: boolean) =>
    diagnosed([aSubject({ container: { exitCode: 1, mounts }, log: [line] })], {
      facts: [
        [
          { what: 'host-path', path: '/srv/app.conf' },
          { kind, empty, uid: 0, mode: 0o755 },
        ],
      ],
    }).findings[0]

  test('looks at the empty folder that the engine made for a file that was missing', () => {
    expect(told('directory', true)).toMatchObject({
      code: 'bind-source-missing',
      certainty: 'likely',
      message:
        '"web" finds a folder at "/etc/app.conf": "/srv/app.conf" did not exist, and the engine made an empty folder',
    })
  })

  test('has another cause where the folder holds something, or is a file', () => {
    expect(told('directory', false)?.code).toBe('exit-app-error')
    expect(told('file', true)?.code).toBe('exit-app-error')
  })
})
