import { describe, expect, test } from 'vitest'
import {
  containerDetail,
  containerSummary,
  endpointsOn,
  networkDetail,
  time,
  volumeDetail,
} from '../../../src/engine/docker/answers.ts'
import { imageDetail, imageSummary } from '../../../src/engine/docker/image-answers.ts'

describe('a time', () => {
  test.each([
    ['2026-11-21T11:27:44.123456789Z', Date.UTC(2026, 10, 21, 11, 27, 44, 123)],
    ['2026-11-21T12:27:44+01:00', Date.UTC(2026, 10, 21, 11, 27, 44)],
    ['0001-01-01T00:00:00Z', 0],
    ['', 0],
    [null, 0],
  ])('%s', (text, milliseconds) => expect(time(text)).toBe(milliseconds))
})

describe('a listed container', () => {
  test('has the name that is its own, not what others that link to it call it', () => {
    expect(containerSummary({ Id: 'a', Names: ['/web/db', '/p-db-1'] }).name).toBe('p-db-1')
  })

  test('has its times in milliseconds and its ports in numbers', () => {
    const summary = containerSummary({
      Id: 'a',
      Names: ['/p-db-1'],
      Created: 1_795_260_075,
      State: 'running',
      Ports: [
        { PrivatePort: 80, Type: 'tcp' },
        { IP: '::', PrivatePort: 53, PublicPort: 5353, Type: 'udp' },
      ],
    })
    expect(summary.created).toBe(1_795_260_075_000)
    expect(summary.ports).toEqual([
      { ip: '', target: 80, published: 0, protocol: 'tcp' },
      { ip: '::', target: 53, published: 5353, protocol: 'udp' },
    ])
  })

  test('that Podman tells of is in a state that we know', () => {
    for (const [theirs, ours] of [
      ['stopped', 'exited'],
      ['initialized', 'created'],
      ['stopping', 'running'],
    ] as const)
      expect(containerSummary({ Id: 'a', State: theirs as 'exited' }).state).toBe(ours)
  })
})

describe('an inspected container', () => {
  test('that says nothing of itself is still whole', () => {
    expect(containerDetail({ Id: 'a', Name: '/x' })).toMatchObject({
      name: 'x',
      startedAt: 0,
      networks: [],
      ports: [],
      spec: { command: null, restart: 'no', memory: 0, env: [] },
    })
  })

  test('is on its networks under the aliases that were asked for, not those that engines add', () => {
    const id = '0123456789abcdef'
    const Networks = {
      front: {
        NetworkID: 'n1',
        Aliases: ['web', '0123456789ab'],
        IPAddress: '10.0.0.2',
        GlobalIPv6Address: '',
        MacAddress: '02:42:0a:00:00:02',
        IPAMConfig: { IPv4Address: '10.0.0.2' },
      },
    }
    expect(containerDetail({ Id: id, NetworkSettings: { Networks } }).networks).toEqual([
      { name: 'front', id: 'n1', aliases: ['web'], ip: '10.0.0.2', mac: '02:42:0a:00:00:02', ipv4_address: '10.0.0.2' },
    ])
  })

  test('tells published and merely exposed ports', () => {
    const Ports = {
      '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }],
      '53/udp': null,
      '81/tcp': [{ HostIp: '', HostPort: '81' }],
    }
    expect(containerDetail({ Id: 'a', NetworkSettings: { Ports } }).ports).toEqual([
      { ip: '127.0.0.1', target: 80, published: 8080, protocol: 'tcp' },
      { ip: '', target: 53, published: 0, protocol: 'udp' },
      { ip: '0.0.0.0', target: 81, published: 81, protocol: 'tcp' },
    ])
  })

  test('is healthy by Docker’s word and by Podman’s, and has no health where it has no check', () => {
    const health = { Status: 'healthy' as const, FailingStreak: 0, Log: [] }
    expect(containerDetail({ Id: 'a', State: { Health: health } }).health?.status).toBe('healthy')
    expect(containerDetail({ Id: 'a', State: { Healthcheck: health } as object }).health?.status).toBe('healthy')
    expect(containerDetail({ Id: 'a', State: { Health: { Status: 'none' } } }).health).toBeUndefined()
    expect(containerDetail({ Id: 'a', State: {} }).health).toBeUndefined()
  })

  test('tells its restart policy as the file writes it', () => {
    const restart = (Name: string, MaximumRetryCount: number) =>
      containerDetail({ Id: 'a', HostConfig: { RestartPolicy: { Name: Name as 'no', MaximumRetryCount } } }).spec
        .restart
    expect([restart('', 0), restart('no', 0), restart('always', 0), restart('on-failure', 4)]).toEqual([
      'no',
      'no',
      'always',
      'on-failure:4',
    ])
  })

  test('tells durations in milliseconds and signals by name', () => {
    const Config = {
      StopTimeout: 70,
      StopSignal: '10',
      Healthcheck: { Test: ['CMD', 'x'], Interval: 90e9, Retries: 0 },
    }
    expect(containerDetail({ Id: 'a', Config }).spec).toMatchObject({
      stop_timeout: 70_000,
      stop_signal: 'SIGUSR1',
      healthcheck: { test: ['CMD', 'x'], interval: 90_000 },
    })
  })
})

test('a network and a volume leave out what is empty', () => {
  expect(networkDetail({ Id: 'n', Name: 'p_front', Driver: 'bridge', Options: {}, Labels: {} })).toEqual({
    id: 'n',
    name: 'p_front',
    created: 0,
    scope: '',
    driver: 'bridge',
    labels: {},
    internal: false,
    attachable: false,
    enable_ipv6: false,
  })
  expect(
    volumeDetail({ Name: 'v', Driver: 'local', Mountpoint: '/m', Labels: {}, Options: {}, Scope: 'local' }),
  ).toEqual({
    name: 'v',
    driver: 'local',
    mountpoint: '/m',
    labels: {},
  })
})

describe('an image’s digest', () => {
  const manifest = (ID: string, architecture: string, Kind: 'image' | 'attestation' = 'image', Available = true) => ({
    ID,
    Kind,
    Available,
    Descriptor: {},
    Size: { Total: 0, Content: 0 },
    ImageData: { Platform: { os: 'linux', architecture }, Containers: [], Size: { Unpacked: 0 } },
  })
  const Manifests = [
    manifest('att', 'amd64', 'attestation'),
    manifest('amd', 'amd64'),
    manifest('arm', 'arm64', 'image', false),
  ]

  test('is its id where the engine keeps no manifests', () => {
    expect(imageDetail({ Id: 'id' }, 'linux/amd64').digest).toBe('id')
  })

  test('is the manifest that runs on the platform, never an attestation or one that is not there', () => {
    expect(imageDetail({ Id: 'index', Manifests }, 'linux/amd64').digest).toBe('amd')
    expect(imageDetail({ Id: 'index', Manifests }, 'linux/arm64').digest).toBe('index')
    expect(imageDetail({ Id: 'index', Os: 'linux', Architecture: 'amd64', Manifests }).digest).toBe('amd')
  })
})

test('an image without a name has no tags', () => {
  const image = {
    Id: 'i',
    ParentId: '',
    RepoDigests: [],
    SharedSize: 0,
    Containers: 0,
    Labels: {},
    Size: 1,
    Created: 2,
  }
  expect(imageSummary({ ...image, RepoTags: ['<none>:<none>'] })).toEqual({
    id: 'i',
    tags: [],
    labels: {},
    size: 1,
    created: 2000,
  })
})

test('an endpoint of no container has a name and no container', () => {
  const Containers = { [`ep-${'b'.repeat(64)}`]: { Name: 'shop-web-1' }, c: { Name: 'shop-db-1' } }
  expect(endpointsOn({ Id: 'n', Containers })).toEqual([{ name: 'shop-web-1' }, { container: 'c', name: 'shop-db-1' }])
})
