import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { featuresOf } from '../../src/engine/docker/features.ts'
import { endpointBody, networkBody, volumeBody } from '../../src/engine/docker/network-body.ts'
import { containerBody, later } from '../../src/engine/docker/translate.ts'
import type { Feature } from '../../src/engine/engine.ts'
import { load } from '../../src/load/load.ts'
import { containerSpec } from '../../src/local/container/container.ts'
import { containerNameOf } from '../../src/local/container/container-name.ts'
import { fileContents } from '../../src/local/container/file-contents.ts'
import { seccompProfiles } from '../../src/local/container/security.ts'
import { unsupported } from '../../src/local/container/unsupported.ts'
import type { Given } from '../../src/local/given.ts'
import { networkSpec } from '../../src/local/network-spec.ts'
import { volumeSpec } from '../../src/local/volume-spec.ts'
import { LABEL, OUR_LABEL } from '../../src/model/names.ts'
import type { Project } from '../../src/model/project.ts'
import { aFolder } from '../kit/folder.ts'

/** What docker compose 5.5 sent to an engine for small projects, one for each attribute that reaches it. */
const RECORDED = new URL('../../../shared/runtime/calls.jsonl', import.meta.url).pathname

interface Recorded extends Answered {
  readonly id: string
  readonly files: Readonly<Record<string, string>>
  /** Where an engine of API 1.43 is sent something else. */
  readonly api_1_43?: Answered
}

interface Answered {
  readonly exit: number
  readonly calls: readonly { readonly call: string; readonly body?: Json }[]
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** The directory in which docker compose ran; it is in labels, mounts and hashes. */
const PLACE = '/srv/vectors/p'

const recorded: readonly Recorded[] = existsSync(RECORDED)
  ? readFileSync(RECORDED, 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Recorded)
  : []

interface Purpose {
  readonly call: string
  /** Where in the body. */
  readonly path: readonly string[]
  readonly why: string
}

const APP = 'POST /containers/create?name=p-app-1'
const FRONT = ['NetworkingConfig', 'EndpointsConfig', 'p_front']
const parentsId: Purpose = {
  call: APP,
  path: ['Labels', LABEL.config_hash],
  why: 'it contains the id of the container that is borrowed from, another one each time',
}

const put: Purpose = {
  call: APP,
  path: ['HostConfig', 'Mounts'],
  why: 'docker compose ignores owner and mode of a file, we put the file into the container with them',
}

/** Where we send something else on purpose. */
const ON_PURPOSE: Readonly<Record<string, readonly Purpose[]>> = {
  cpu_count: [
    {
      call: APP,
      path: ['HostConfig', 'CpuPercent'],
      why: 'engines count to 100, docker compose sends a hundred times that',
    },
  ],
  gpus_list: [
    { call: APP, path: ['HostConfig', 'DeviceRequests'], why: 'the capability "gpu" is asked for once, not twice' },
  ],
  networks_addresses: [
    { call: APP, path: [...FRONT, 'IPAddress'], why: 'IPAMConfig says it; engines fill this in' },
    { call: APP, path: [...FRONT, 'IPv6Gateway'], why: 'it is the address, and no gateway' },
  ],
  configs_file: [put],
  secrets_file: [put],
  volumes_from: [parentsId, { call: APP, path: ['HostConfig', 'VolumesFrom'], why: 'docker compose drops the ":ro"' }],
  network_mode_service: [parentsId],
  ipc_shareable: [parentsId],
}

describe.skipIf(recorded.length === 0)('what docker compose asks of the engine (../shared/runtime/calls.jsonl)', () => {
  test('what differs on purpose is said of recorded projects only', () => {
    expect(recorded.map(r => r.id)).toEqual(expect.arrayContaining(Object.keys(ON_PURPOSE)))
  })

  test.each(recorded.map(r => [r.id, r] as const))('%s', async (id, { files, calls, api_1_43 }) => {
    const { project, read } = await loaded(files)
    compare(id, sent(project, read, '1.51'), expected(calls))
    if (api_1_43?.exit === 0) compare(id, sent(project, read, '1.43'), expected(api_1_43.calls))
    else if (api_1_43) {
      const refused = unsupported(project, features('1.43')).filter(problem => problem.severity === 'error')
      expect(refused, 'refused on an older engine').not.toEqual([])
    }
  })
})

/** The project as if it had been loaded where docker compose ran. */
async function loaded(
  files: Recorded['files'],
): Promise<{ project: Project; read: Pick<Given, 'seccomp' | 'contents'> }> {
  const cwd = join(aFolder(Object.fromEntries(Object.entries(files).map(([name, text]) => [`p/${name}`, text]))), 'p')
  const { project } = await load({ cwd, env: { HOME: '/home/user' } })
  const moved = JSON.parse(JSON.stringify(project).replaceAll(cwd, PLACE)) as Project
  const there = <T>(all: ReadonlyMap<string, T>) =>
    new Map([...all].map(([path, value]) => [path.replace(cwd, PLACE), value]))
  const read = { seccomp: there(await seccompProfiles(project)), contents: there(await fileContents(project)) }
  return { project: moved, read }
}

function sent(project: Project, read: Pick<Given, 'seccomp' | 'contents'>, api: string): readonly Call[] {
  const known = features(api)
  const given: Given = {
    separator: '-',
    image: () => '<busybox image id>',
    mountedImage: () => '<busybox image id>',
    parent: service => `<id of ${containerNameOf(project, service, 1, '-')}>`,
    features: known,
    ...read,
  }
  const own = <T extends { readonly external?: boolean }>(all: Readonly<Record<string, T>>) =>
    Object.keys(all).filter(key => !all[key]!.external)
  const networks = own(project.networks).map(key => [
    'POST /networks/create',
    networkBody(project.networks[key]!.name, networkSpec(project, key)),
  ])
  const volumes = own(project.volumes).map(key => [
    'POST /volumes/create',
    volumeBody(project.volumes[key]!.name, volumeSpec(project, key)),
  ])
  const containers = Object.keys(project.services).flatMap(service => {
    const { scale, deploy } = project.services[service]!
    return Array.from({ length: scale ?? deploy?.replicas ?? 1 }, (_, i) => {
      const spec = containerSpec(project, service, i + 1, given)
      const platform = spec.platform ? `&platform=${encodeURIComponent(spec.platform)}` : ''
      const name = containerNameOf(project, service, i + 1, '-')
      return [
        [`POST /containers/create?name=${name}${platform}`, containerBody(spec, known)],
        ...later(spec, known).map(endpoint => [
          `POST /networks/${endpoint.network}/connect`,
          { Container: `<id of ${name}>`, EndpointConfig: endpointBody(endpoint, known) },
        ]),
      ]
    }).flat()
  })
  return [...networks, ...volumes, ...containers]
    .map(([call, body]) => canonical(call as string, body as Json))
    .toSorted(byText)
}

interface Call {
  readonly call: string
  readonly body: Json
}

function expected(calls: Answered['calls']): readonly Call[] {
  return calls.map(({ call, body }) => canonical(call, body!)).toSorted(byText)
}

/** Equal but for the differences on purpose, each of which is there: one that has gone is to be taken off the list. */
function compare(id: string, ours: readonly Call[], theirs: readonly Call[]): void {
  const purposes = ON_PURPOSE[id] ?? []
  for (const { call, path, why } of purposes) {
    const [a, b] = [ours, theirs].map(calls => at(calls.find(c => c.call === call)?.body, path))
    expect(a, why).not.toEqual(b)
  }
  const rest = ({ call, body }: Call) => ({
    call,
    body: purposes.filter(p => p.call === call).reduce((b, { path }) => without(b, path), body),
  })
  expect(ours.map(rest)).toEqual(theirs.map(rest))
}

function at(body: Json | undefined, [key, ...rest]: readonly string[]): Json | undefined {
  if (key === undefined || body === null || typeof body !== 'object' || Array.isArray(body)) return body
  return at(body[key], rest)
}

function canonical(call: string, body: Json): Call {
  const copy = structuredClone(body) as { Labels?: Record<string, string>; HostConfig?: { ConsoleSize?: unknown } }
  delete copy.Labels?.[OUR_LABEL.attributes]
  delete copy.Labels?.[OUR_LABEL.hooks]
  delete copy.HostConfig?.ConsoleSize
  // docker compose writes them in any order.
  const label = copy.Labels?.[LABEL.depends_on]
  if (label !== undefined) copy.Labels![LABEL.depends_on] = label.split(',').toSorted().join(',')
  return { call, body: plain(copy as Json) ?? {} }
}

/** Without zero values, which were not recorded, and with lists whose order means nothing in order. */
function plain(value: Json, key = ''): Json | undefined {
  if (value === null || value === false || value === 0 || value === '') return undefined
  if (Array.isArray(value)) {
    const items = value.map(item => plain(item) ?? {})
    if (items.length === 0) return undefined
    return UNORDERED.has(key) ? items.toSorted(byText) : items
  }
  if (typeof value !== 'object') return value
  const entries = Object.entries(value).map(([k, v]) => [k, plain(v, k)] as const)
  const kept = entries.filter(([, v]) => v !== undefined)
  return kept.length === 0 ? undefined : (Object.fromEntries(kept) as Json)
}

const UNORDERED = new Set(['Binds', 'Mounts', 'Links', 'Env', 'Ulimits', 'Aliases'])

function without(body: Json, [key, ...rest]: readonly string[]): Json {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return body
  const { [key!]: inner, ...others } = body
  if (rest.length === 0 || inner === undefined) return others
  return { ...others, [key!]: without(inner, rest) }
}

/** By the text with sorted keys, so that two bodies of one thing meet. */
function byText(a: unknown, b: unknown): number {
  const [x, y] = [sortedText(a), sortedText(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

function sortedText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

function features(apiVersion: string): ReadonlySet<Feature> {
  return featuresOf({ flavour: 'docker', version: '28.5.2', apiVersion })
}
