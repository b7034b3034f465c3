import { describe, expect, test } from 'vitest'
import { hidden } from '../../src/actions/doctor/engine.ts'
import { routesOf } from '../../src/actions/why/probe.ts'
import type { Route } from '../../src/diagnose/scene.ts'
import type { ContainerSummary, NetworkDetail } from '../../src/engine/engine.ts'
import type { Network } from '../../src/model/project.ts'
import { aProject } from '../kit/project.ts'
import { aSubject, codesOf, diagnosed, type SceneParts } from '../kit/subject.ts'

const network = (name: string, parts: Partial<NetworkDetail> = {}): NetworkDetail => ({
  id: `${name}-0123456789abcdef`,
  name,
  created: 0,
  scope: 'local',
  driver: 'bridge',
  labels: {},
  ...parts,
})
const subnet = (text: string) => ({ ipam: { config: [{ subnet: text }] } })
const on = (...networks: readonly NetworkDetail[]) => networks.map(({ id, name }) => ({ id, name, aliases: [] }))

const running = (networks: readonly NetworkDetail[], parts: object = {}) =>
  aSubject({ container: { state: 'running', networks: on(...networks) as never, ...parts } })

const logged = (line: string, networks: readonly NetworkDetail[] = [network('shop_default')]) =>
  aSubject({ container: { exitCode: 1, networks: on(...networks) as never }, log: [line] })

const projectWith = (networks: Readonly<Record<string, Network>>) => ({
  project: { ...aProject({ web: {} }), networks },
})

describe('subnet-shadows-route', () => {
  const back = network('shop_back', subnet('10.8.3.0/24'))
  const declared = projectWith({ back: { name: 'shop_back', ...subnet('10.8.3.0/24') } })
  const scene = (...routes: readonly Route[]): SceneParts => ({
    ...declared,
    networks: [back],
    facts: [[{ what: 'routes' }, routes]],
  })

  test('is told of a declared subnet that the machine reaches in another way, with one that is free', () => {
    const [finding] = diagnosed([running([back])], scene({ subnet: '10.8.0.0/16', device: 'tun0' })).findings
    expect(finding).toMatchObject({
      code: 'subnet-shadows-route',
      severity: 'warning',
      message:
        'network "shop_back" of "web" has the subnet 10.8.3.0/24, which cuts the engine\'s machine off from 10.8.0.0/16 through tun0',
      evidence: [{ field: 'route', value: '10.8.0.0/16 dev tun0' }],
      fix: 'networks:\n  back:\n    ipam:\n      config:\n        - subnet: 10.77.1.0/24',
    })
  })

  test('the way over its own bridge is none, nor is a route that has none of its addresses', () => {
    const own = { subnet: '10.8.3.0/24', device: `br-${back.id.slice(0, 12)}` }
    expect(codesOf(running([back]), scene(own, { subnet: '10.9.0.0/16', device: 'tun0' }))).toEqual([])
  })

  test('nobody asks for routes where the engine chose the subnet', () => {
    expect(
      diagnosed([running([back])], { ...projectWith({ back: { name: 'shop_back' } }), networks: [back] }).wanted,
    ).toEqual([])
  })

  test('doctor tells it of every network of the engine', () => {
    const told = hidden([back, network('quiet', subnet('10.7.0.0/24'))], [{ subnet: '10.8.0.0/16', device: 'tun0' }])
    expect(told.map(({ code, message }) => [code, message])).toEqual([
      [
        'subnet-shadows-route',
        'network "shop_back" has the subnet 10.8.3.0/24, which cuts this machine off from 10.8.0.0/16 through tun0',
      ],
    ])
  })

  test('routes are read as Linux tells them, but for the one to everywhere', () => {
    const text = [
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
      'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
      'tun0\t0000080A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0',
    ].join('\n')
    expect(routesOf(text)).toEqual([{ subnet: '10.8.0.0/16', device: 'tun0' }])
  })
})

describe('what is easily taken for another thing', () => {
  const inner = network('shop_inner', { internal: true })

  test('an address that is in use: of the host, of a network, inside a container', () => {
    const error = (text: string) =>
      aSubject({ container: { state: 'created', startedAt: 0, exitCode: 128, error: text } })
    expect(codesOf(error('failed to bind host port for 0.0.0.0:80:10.0.0.2:80/tcp: address already in use'))).toEqual([
      'port-taken-by-process',
    ])
    expect(codesOf(error('failed to set up container networking: Address already in use'))).toEqual(['static-ip'])
    expect(codesOf(logged('Error: listen EADDRINUSE: address already in use :::80'))).toEqual(['port-in-use-inside'])
  })

  test('a name outside that an internal network does not look up is no broken resolver', () => {
    const line = 'socket.gaierror: [Errno -3] Temporary failure in name resolution'
    expect(codesOf(logged(line, [inner]), { networks: [inner] })).not.toContain('dns-upstream-broken')
    expect(codesOf(logged(line))).toEqual(['dns-upstream-broken'])
  })

  test('a service that does not run is asked for outside, and its resolver is well', () => {
    const services = { web: { networks: { default: null } }, db: { networks: { default: null } } }
    const line = 'could not translate host name "db" to address: Temporary failure in name resolution'
    expect(codesOf(logged(line), { services })).toEqual(['dns-name-unknown'])
  })

  test('asking localhost is well where that is the host, or another one’s network', () => {
    const services = { web: {}, db: { image: 'postgres:17' } }
    const refused = (network_mode: string) =>
      aSubject({ container: { exitCode: 1, spec: { network_mode } }, log: ['connect ECONNREFUSED 127.0.0.1:5432'] })
    expect(codesOf(refused('shop_default'), { services })).toContain('localhost-trap')
    for (const mode of ['host', 'container:abc'])
      expect(codesOf(refused(mode), { services })).not.toContain('localhost-trap')
  })

  test('the engine’s own name server listens on 127.0.0.11, and that is no program’s port', () => {
    const ports = [{ ip: '0.0.0.0', target: 80, published: 8080, protocol: 'tcp' }]
    const sockets = { what: 'sockets', container: 'web-id' } as const
    const open = (...listening: readonly { readonly address: string; readonly port: number }[]) =>
      codesOf(running([], { ports }), { now: 1_010_000, facts: [[sockets, { listening }]] })
    expect(open({ address: '127.0.0.11', port: 41_234 })).toEqual([])
    expect(open({ address: '127.0.0.1', port: 80 })).toEqual(['bind-loopback-only'])
    expect(open({ address: '0.0.0.0', port: 3000 }, { address: '127.0.0.11', port: 41_234 })).toEqual([
      'port-wrong-target',
    ])
    expect(open({ address: '0.0.0.0', port: 80 })).toEqual([])
  })

  test('two containers of one service share a name, and two projects on networks of their own do not', () => {
    const shared = network('shared')
    const other = (project: string, service: string, networks = [shared]): ContainerSummary => ({
      id: `${project}-${service}`,
      name: `${project}-${service}-1`,
      image: '',
      imageId: '',
      command: '',
      created: 0,
      state: 'running',
      status: 'Up',
      labels: { 'com.docker.compose.project': project, 'com.docker.compose.service': service },
      ports: [],
      networks: on(...networks) as never,
      mounts: [],
    })
    const labels = { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' }
    const told = (...neighbours: readonly ContainerSummary[]) => codesOf(running([shared], { labels }), { neighbours })
    expect(told(other('blog', 'web'))).toEqual(['alias-collision'])
    expect(told(other('shop', 'web'))).toEqual([])
    expect(told(other('blog', 'api'))).toEqual([])
    expect(told(other('blog', 'web', [network('blog_default')]))).toEqual([])
  })

  test('a container that is missing is a network’s owner only where one was borrowed', () => {
    const error = (network_mode: string) =>
      codesOf(
        aSubject({ container: { state: 'created', startedAt: 0, exitCode: 128, error: 'No such container: vpn' } }),
        {
          services: { web: { network_mode } },
        },
      )
    expect(error('container:vpn')).toEqual(['netns-owner-gone'])
    expect(error('bridge')).not.toContain('netns-owner-gone')
  })
})

describe('images and builds that are easily taken for another thing', () => {
  const failed = (doing: 'pull' | 'build', message: string) =>
    codesOf(aSubject({ failure: { doing, message } }), { services: { web: { image: 'shop/api:2' } } })

  test('a registry that wants a login may as well not have the image: both are said', () => {
    const [finding] = diagnosed([aSubject({ failure: { doing: 'pull', message: 'manifest unknown' } })], {
      services: { web: { image: 'r.example/shop/api:2' } },
    }).findings
    expect(finding?.hint).toBe('correct the name or the tag; a private image may need "docker login r.example"')
    const denied =
      "pull access denied for shop/api, repository does not exist or may require 'docker login': denied: requested access to the resource is denied"
    expect(failed('pull', denied)).toEqual(['auth-required'])
  })

  test('a file that is missing in a build is no image, nor is a secret', () => {
    const solve = 'failed to solve: failed to compute cache key: failed to calculate checksum of ref 5f::8x: '
    expect(failed('build', `${solve}"/f.txt": not found`)).toEqual(['build-copy-missing'])
    expect(failed('build', 'secret token: not found')).toEqual(['build-input-missing'])
  })

  test('a stage that is misspelt is asked for as an image, and only likely one that cannot be reached', () => {
    const message =
      'failed to do request: Head "https://registry-1.docker.io/v2/library/tolls/manifests/latest": dial tcp: lookup registry-1.docker.io on 10.0.0.2:53: no such host'
    const [finding] = diagnosed([aSubject({ failure: { doing: 'build', message } })], {
      services: { web: {} },
    }).findings
    expect(finding).toMatchObject({ code: 'registry-unreachable', certainty: 'likely' })
    expect(finding?.hint).toMatch(
      /^correct the name where a stage of the Dockerfile is meant \("FROM", "COPY --from=tolls"\)/,
    )
  })

  test('no platform is offered of an image that is not known to be there for it', () => {
    const scene = { services: { web: { image: 'shop/api:2' } } }
    const pull = (hint?: string) =>
      diagnosed(
        [
          aSubject({
            failure: {
              doing: 'pull',
              message: 'no matching manifest for linux/amd64 in the manifest list entries',
              ...(hint !== undefined && { hint }),
            },
          }),
        ],
        scene,
      ).findings[0]?.fix
    expect(pull()).toBeUndefined()
    expect(pull('it is there for linux/arm64: name one as "platform"')).toBe('platform: linux/arm64')
  })
})
