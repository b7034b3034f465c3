import { describe, expect, test } from 'vitest'
import type { Facts, FileFact, Probe } from '../../src/diagnose/scene.ts'
import type { ContainerSummary } from '../../src/engine/engine.ts'
import { LABEL } from '../../src/model/names.ts'
import { aSubject, codesOf, type SceneParts, type SubjectParts } from '../kit/subject.ts'

const file = (head: string): FileFact => ({ kind: 'file', mode: 0o755, uid: 0, head })
const at = (path: string): Probe => ({ what: 'file', container: 'web-id', path })
const ended = (exitCode: number, log: string, more: SubjectParts['container'] = {}): SubjectParts => ({
  container: { ...more, exitCode },
  log: [log],
  events: ['start', 'die'],
})
const unhealthy = (output: string, exitCode: number): SubjectParts => ({
  container: {
    state: 'running',
    health: { status: 'unhealthy', failingStreak: 3, log: [{ start: 1_000_500, end: 1_000_600, exitCode, output }] },
  },
})
const mount = { type: 'bind', source: '/srv/data', target: '/data', rw: true }
const volume = { type: 'volume', name: 'shop_data', source: '/v', target: '/var/lib/postgresql/data', rw: true }
const database = (id: string, more: Partial<ContainerSummary> = {}): ContainerSummary => ({
  id,
  name: `shop-${id}-1`,
  image: 'postgres:16',
  imageId: 'sha256:3',
  command: '',
  created: 0,
  state: 'running',
  status: 'Up 3 seconds',
  labels: { [LABEL.project]: 'shop', [LABEL.service]: id },
  ports: [],
  networks: [],
  mounts: [volume],
  ...more,
})

/** Pairs that leave nearly the same traces. Each tells its own code first, and never the other's at all. */
const pairs: readonly (readonly [
  one: string,
  other: string,
  scene: SubjectParts,
  about?: SceneParts & { readonly facts?: readonly (readonly [Probe, Facts[Probe['what']]])[] },
])[] = [
  ['exit-oom', 'killed-from-outside', { container: { exitCode: 137 }, events: ['start', 'oom', 'die'] }],
  ['killed-from-outside', 'exit-oom', { container: { exitCode: 137 }, events: ['start', 'die'] }],
  [
    'pid1-ignores-term',
    'killed-from-outside',
    {
      container: { exitCode: 137 },
      events: [
        'start',
        { action: 'kill', attributes: { signal: '15' } },
        { action: 'kill', attributes: { signal: '9' } },
        'die',
        'stop',
      ],
    },
  ],
  [
    'killed-from-outside',
    'pid1-ignores-term',
    { container: { exitCode: 137 }, events: ['start', { action: 'kill', attributes: { signal: '9' } }, 'die'] },
  ],
  ['runtime-heap-limit', 'exit-segv', ended(139, 'FATAL ERROR: JavaScript heap out of memory')],
  ['exit-segv', 'runtime-heap-limit', ended(139, 'Segmentation fault')],
  ['exit-app-error', 'engine-died', ended(255, 'bye')],
  [
    'crlf-script',
    'interpreter-missing',
    ended(255, 'exec /s/run.sh: no such file or directory'),
    { facts: [[at('/s/run.sh'), file('#!/bin/sh\r\necho\r\n')]] },
  ],
  [
    'crlf-script',
    'not-found-in-shell',
    ended(127, 'sh: /s/run.sh: not found'),
    { facts: [[at('/s/run.sh'), file('#!/bin/sh\r\necho\r\n')]] },
  ],
  ['crlf-script', 'not-found-in-shell', ended(127, "env: can't execute 'sh\r': No such file or directory")],
  ['not-found-in-shell', 'crlf-script', ended(127, "/usr/bin/env: 'bash': No such file or directory")],
  [
    'not-found-in-shell',
    'crlf-script',
    ended(127, 'sh: /s/run.sh: not found'),
    { facts: [[at('/s/run.sh'), { kind: 'none', mode: 0, uid: 0, head: '' }]] },
  ],
  ['entrypoint-not-executable', 'volume-permission', ended(126, 'sh: /s/run.sh: Permission denied')],
  [
    'volume-permission',
    'capability-missing',
    ended(1, 'touch: /data/x: Permission denied', { mounts: [mount], spec: { user: '1000' } }),
    { services: { web: { cap_drop: ['ALL'] } } },
  ],
  [
    'capability-missing',
    'volume-permission',
    ended(1, 'chown: /data: Operation not permitted', { mounts: [mount], spec: { user: '1000' } }),
    { services: { web: { cap_drop: ['ALL'] } } },
  ],
  ['exit-app-error', 'read-only-fs', ended(1, 'touch: /data/x: Read-only file system')],
  ['exit-app-error', 'volume-permission', ended(1, 'touch: /data/x: Permission denied', { mounts: [mount] })],
  [
    'secret-unreadable',
    'volume-permission',
    ended(1, "cat: can't open '/run/secrets/s': Permission denied", {
      mounts: [{ ...mount, target: '/run/secrets/s' }],
      spec: { user: '1000' },
    }),
  ],
  ['exit-app-error', 'pids-limit', ended(1, "can't fork: Resource temporarily unavailable")],
  [
    'pids-limit',
    'exit-app-error',
    ended(2, "sh: can't fork: Resource temporarily unavailable", { spec: { pids_limit: 10 } }),
  ],
  ['probe-tool-missing', 'health-never-passes', unhealthy('/bin/sh: 1: curl: not found', 1)],
  [
    'probe-one-string',
    'probe-tool-missing',
    unhealthy('exec: "curl -f http://x": executable file not found in $PATH', -1),
  ],
  ['probe-no-shell', 'probe-one-string', unhealthy('exec: "/bin/sh": stat /bin/sh: no such file or directory', -1)],
  ['probe-timeout', 'health-never-passes', unhealthy('Health check exceeded timeout (1s)', -1)],
  ['health-never-passes', 'probe-refused', unhealthy('HTTP/1.1 503 Service Unavailable', 1)],
  [
    'restart-loop',
    'oneshot-loops',
    {
      container: { state: 'restarting', exitCode: 1, restartCount: 4 },
      events: [{ action: 'die', exitCode: 1 }],
    },
  ],
  [
    'oneshot-loops',
    'restart-loop',
    {
      container: { state: 'restarting', exitCode: 0, restartCount: 4, spec: { restart: 'always' } },
      events: [{ action: 'die', exitCode: 0 }],
    },
  ],
  [
    'db-init-skipped',
    'exit-app-error',
    ended(1, 'FATAL: password authentication failed for user "shop"'),
    { services: { web: {}, db: {} }, neighbours: [database('db')] },
  ],
]

for (const [one, other, parts, about] of pairs)
  test(`${one} is not taken for ${other}: ${parts.log?.[0] ?? JSON.stringify(parts.events)}`, () => {
    const codes = codesOf(aSubject(parts), about)
    expect(codes[0]).toBe(one)
    expect(codes).not.toContain(other)
  })

describe('nothing is told of what is well', () => {
  const well: readonly (readonly [string, SubjectParts, SceneParts?])[] = [
    ['a job that ended with 0', { container: { exitCode: 0 }, events: ['start', 'die'] }],
    [
      'a shell that ended with 0, in a profile of its own',
      { container: { exitCode: 0, finishedAt: 1_000_100, spec: { command: ['sh'] } } },
      { services: { web: { profiles: ['tools'] } } },
    ],
    [
      'a healthy database that refuses somebody',
      {
        container: { state: 'running', mounts: [volume], spec: { image: 'postgres:16' } },
        log: ['FATAL:  password authentication failed for user "admin"'],
      },
      { services: { web: {} } },
    ],
    [
      'two databases with a volume each, and a backup that reads',
      { container: { state: 'running', mounts: [volume], spec: { image: 'postgres:16' } } },
      {
        neighbours: [
          database('other', { mounts: [{ ...volume, name: 'shop_more' }] }),
          database('backup', { mounts: [{ ...volume, rw: false }] }),
        ],
      },
    ],
    ['a program that prints of errors while it is well', { container: { state: 'running' }, log: ['EMFILE, ENOSPC'] }],
    [
      'one that was stopped, in what way ever',
      { container: { exitCode: 143 }, events: ['start', 'kill', 'die', 'stop'] },
    ],
  ]
  for (const [what, parts, about] of well) test(what, () => expect(codesOf(aSubject(parts), about)).toEqual([]))
})
