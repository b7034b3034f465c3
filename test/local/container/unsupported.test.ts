import { describe, expect, test } from 'vitest'
import type { Feature } from '../../../src/engine/engine.ts'
import type { Contents } from '../../../src/local/container/file-contents.ts'
import { fileProblems } from '../../../src/local/container/file-problems.ts'
import { unsupported } from '../../../src/local/container/unsupported.ts'
import type { Project, Service } from '../../../src/model/project.ts'
import { nowhere, type Origin } from '../../../src/text/origin.ts'
import { aProject } from '../../kit/project.ts'

const told = (service: Service, features: readonly Feature[] = []) =>
  unsupported(aProject({ web: service }), new Set(features)).map(p => `${p.severity} ${p.message}`)

test('a plain service is no problem on any engine', () => {
  expect(
    told({ image: 'x', ports: [{ target: 80 }], deploy: { replicas: 2, resources: { limits: { memory: 1 } } } }),
  ).toEqual([])
})

describe('what would run as something else is refused', () => {
  test.each<[Service, Feature | undefined, string]>([
    [{ credential_spec: { file: 'x' } }, undefined, '"credential_spec" of "web" cannot be honoured'],
    [{ uts: 'service:x' }, undefined, '"uts" of "web"'],
    [{ pre_start: [{ command: ['a'], per_replica: true }] }, undefined, '"per_replica"'],
    [{ volumes: [{ type: 'image', source: 'x', target: '/x' }] }, 'image-mount', 'needs Docker Engine 28.0'],
    [{ volumes: [{ type: 'volume', source: 'x', target: '/x', volume: { subpath: 'a' } }] }, 'volume-subpath', '26.0'],
    [
      { volumes: [{ type: 'bind', source: '/x', target: '/x', bind: { recursive: 'readonly' } }] },
      'recursive-bind',
      '25.0',
    ],
    [{ networks: { a: { interface_name: 'eth7' } } }, 'interface-name', '28.1'],
    [{ networks: { a: null, b: { mac_address: '02::' } } }, 'endpoint-mac', '25.0'],
    [{ networks: { a: { gw_priority: 1 } } }, 'gw-priority', '28.0'],
  ])('%j', (service, feature, words) => {
    expect(told(service)).toEqual([expect.stringMatching(/^error /)])
    expect(told(service)[0]).toContain(words)
    if (feature) expect(told(service, [feature])).toEqual([])
  })
})

describe('what has no effect is told', () => {
  test('an owner or a mode of a secret of a build', () => {
    expect(told({ build: { secrets: [{ source: 's', mode: 0o400 }] } })).toEqual([
      'warning "build.secrets" of "web" has no effect: a build gives its secrets the owner and mode that the Dockerfile asks for',
    ])
    expect(told({ build: { secrets: [{ source: 's' }] } })).toEqual([])
  })

  test.each<[Service, string]>([
    [
      { deploy: { placement: { constraints: ['a'] } } },
      '"deploy.placement" of "web" has no effect: only a swarm acts on it',
    ],
    [{ deploy: { mode: 'global' } }, '"deploy.mode"'],
    [{ deploy: { labels: { a: 'b' } } }, '"deploy.labels"'],
    [{ deploy: { restart_policy: { condition: 'any', max_attempts: 3 } } }, '"deploy.restart_policy.max_attempts"'],
    [{ annotations: { a: 'b' } }, '"annotations"'],
    [{ volumes: [{ type: 'bind', source: '/a', target: '/a', tmpfs: { size: 1 } }] }, '"volumes"'],
  ])('%j', (service, words) => {
    expect(told(service)).toEqual([expect.stringMatching(/^warning /)])
    expect(told(service)[0]).toContain(words)
  })
})

test('one attribute of several services is one problem, with all places', () => {
  const source = { name: 'compose.yaml', text: 'a\nb\n' }
  const origin: Origin = {
    at: path => ({ source, start: path[1] === 'a' ? 0 : 2, end: path[1] === 'a' ? 1 : 3 }),
  }
  const swarm = { deploy: { update_config: { parallelism: 1 } } }
  const problems = unsupported(aProject({ a: swarm, b: swarm }), new Set(), origin)
  expect(problems).toMatchObject([
    {
      code: 'no-effect',
      message: expect.stringContaining('of "a", "b"'),
      at: { start: 0 },
      notes: [{ at: { start: 2 } }],
    },
  ])
})

describe('secrets and configs', () => {
  const problems = (service: Service, more: Partial<Project>) =>
    fileProblems(aProject({ web: service }, more)).map(p => `${p.severity} ${p.message}`)
  const s = { secrets: [{ source: 's' }] }

  test.each<[Partial<Project>, string]>([
    [{ secrets: { s: { external: true } } }, 'error secret "s" is external, and only a swarm keeps those'],
    [{ secrets: { s: { driver: 'vault' } } }, 'error secret "s" has a driver, which only a swarm uses'],
    [
      { secrets: { s: { content: 'x', template_driver: 'golang' } } },
      'error secret "s" is a template, which only a swarm fills in',
    ],
    [{ secrets: { s: { environment: 'PW' } } }, 'error secret "s" needs the variable "PW", which is not set'],
  ])('%j is refused', (more, message) => expect(problems(s, more)).toEqual([message]))

  test('one that no service uses is no problem', () => {
    expect(problems({}, { secrets: { s: { external: true } } })).toEqual([])
  })
  test('content does not get into a read-only container, a file does', () => {
    expect(problems({ ...s, read_only: true }, { secrets: { s: { content: 'x' } } })).toEqual([
      'error secret "s" of service "web" cannot be put into a read-only container',
    ])
    expect(problems({ ...s, read_only: true }, { secrets: { s: { file: '/s' } } })).toEqual([])
  })
  test('a file that cannot be put into the container keeps its own owner and mode', () => {
    const told = (service: Service, contents?: Contents) =>
      fileProblems(aProject({ web: service }, { configs: { c: { file: '/c' } } }), nowhere, contents).map(
        p => p.message,
      )
    const configs = [{ source: 'c', uid: '5', mode: 0o400, target: '/run/c' }]
    const contents = new Map([['/c', Buffer.from('x')]])
    const start = '"uid", "mode" of config "c" of service "web" have no effect: '
    expect(told({ configs }, contents)).toEqual([])
    expect(told({ configs })).toEqual([`${start}it is no file that can be read here`])
    expect(told({ configs, read_only: true }, contents)).toEqual([`${start}a read-only container is given it as it is`])
    expect(told({ configs, tmpfs: ['/run'] }, contents)).toEqual([
      `${start}what is put there is hidden by the tmpfs at "/run"`,
    ])
  })
  test('content is refused where a tmpfs would hide it', () => {
    const configs = [{ source: 'c', target: '/run/app/c' }]
    expect(problems({ configs, tmpfs: ['/run/'] }, { configs: { c: { content: 'x' } } })).toEqual([
      'error config "c" of service "web" would be hidden by the tmpfs at "/run/"',
    ])
    expect(problems({ configs, tmpfs: ['/run/app2'] }, { configs: { c: { content: 'x' } } })).toEqual([])
  })
  test('an owner of content is a number', () => {
    expect(problems({ configs: [{ source: 'c', uid: 'root' }] }, { configs: { c: { content: 'x' } } })).toEqual([
      'error "uid" of config "c" of service "web" is not a number',
    ])
  })
})
