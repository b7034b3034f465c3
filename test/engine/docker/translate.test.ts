import { describe, expect, test } from 'vitest'
import { featuresOf } from '../../../src/engine/docker/features.ts'
import { endpointBody, networkBody, volumeBody } from '../../../src/engine/docker/network-body.ts'
import { updateBody } from '../../../src/engine/docker/resource-body.ts'
import { containerBody, later, missingFeatures } from '../../../src/engine/docker/translate.ts'
import type { ContainerSpec } from '../../../src/engine/engine.ts'

const old = featuresOf({ flavour: 'docker', version: '20.10.24', apiVersion: '1.41' })
const recent = featuresOf({ flavour: 'docker', version: '28.5.2', apiVersion: '1.51' })
const body = (spec: Partial<ContainerSpec>, features = recent) =>
  containerBody({ image: 'busybox', labels: {}, ...spec }, features)
const host = (spec: Partial<ContainerSpec>) => body(spec).HostConfig

describe('a container', () => {
  test('what is left out is not sent', () => {
    expect(
      body({
        labels: { a: 'b' },
        network_mode: 'p_default',
        networks: [{ network: 'p_default', aliases: ['p-app-1', 'app'] }],
      }),
    ).toEqual({
      AttachStdout: true,
      AttachStderr: true,
      Image: 'busybox',
      Labels: { a: 'b' },
      HostConfig: { NetworkMode: 'p_default' },
      NetworkingConfig: { EndpointsConfig: { p_default: { Aliases: ['p-app-1', 'app'] } } },
    })
  })

  test('durations become seconds, rounded up, and nanoseconds', () => {
    expect(body({ stop_timeout: 1500 }).StopTimeout).toBe(2)
    expect(body({ stop_timeout: 0 }).StopTimeout).toBe(0)
    expect(
      body({
        healthcheck: {
          test: ['CMD', 'x'],
          interval: 90_000,
          timeout: 10_000,
          start_period: 0.5,
          start_interval: 5000,
          retries: 3,
        },
      }).Healthcheck,
    ).toEqual({
      Test: ['CMD', 'x'],
      Interval: 90_000_000_000,
      Timeout: 10_000_000_000,
      StartPeriod: 500_000,
      StartInterval: 5_000_000_000,
      Retries: 3,
    })
  })

  test('ports of one target stand together', () => {
    const ports = [
      { container: '80/tcp', host_port: '' },
      { container: '53/udp', host_ip: '127.0.0.1', host_port: '5353' },
      { container: '80/tcp', host_port: '8080' },
    ]
    expect(host({ ports })!.PortBindings).toEqual({
      '80/tcp': [
        { HostIp: '', HostPort: '' },
        { HostIp: '', HostPort: '8080' },
      ],
      '53/udp': [{ HostIp: '127.0.0.1', HostPort: '5353' }],
    })
    expect(body({ exposed: ['80/tcp', '53/udp'] }).ExposedPorts).toEqual({ '80/tcp': {}, '53/udp': {} })
  })

  test('mounts of every kind', () => {
    const mounts = [
      {
        type: 'volume',
        source: 'd',
        target: '/d',
        read_only: true,
        volume: { no_copy: true, labels: { x: 'y' }, subpath: 'a' },
      },
      { type: 'tmpfs', target: '/t', tmpfs: { size: 1048576, mode: 0o1777 } },
      { type: 'bind', source: '/s', target: '/s', bind: { propagation: 'rprivate', read_only_non_recursive: true } },
      { type: 'image', source: 'busybox', target: '/i', image: { subpath: 'bin' } },
    ]
    expect(host({ mounts })!.Mounts).toEqual([
      {
        Type: 'volume',
        Source: 'd',
        Target: '/d',
        ReadOnly: true,
        VolumeOptions: { NoCopy: true, Labels: { x: 'y' }, Subpath: 'a' },
      },
      { Type: 'tmpfs', Target: '/t', TmpfsOptions: { SizeBytes: 1048576, Mode: 1023 } },
      {
        Type: 'bind',
        Source: '/s',
        Target: '/s',
        BindOptions: { Propagation: 'rprivate', ReadOnlyNonRecursive: true },
      },
      { Type: 'image', Source: 'busybox', Target: '/i', ImageOptions: { Subpath: 'bin' } },
    ])
  })

  test('resources stand beside the rest of the host’s part', () => {
    expect(
      host({
        shm_size: 64,
        oom_score_adj: 100,
        resources: {
          memory: 1024,
          memory_swap: -1,
          nano_cpus: 5e8,
          pids_limit: 50,
          ulimits: [{ name: 'nofile', soft: 500, hard: 1000 }],
          devices: [{ host: '/dev/null', container: '/dev/n', permissions: 'r' }],
          device_requests: [{ driver: 'nvidia', count: -1, capabilities: [['gpu']] }],
          blkio_device_read_bps: [{ path: '/dev/vda', rate: 12 }],
        },
      }),
    ).toEqual({
      ShmSize: 64,
      OomScoreAdj: 100,
      Memory: 1024,
      MemorySwap: -1,
      NanoCpus: 5e8,
      PidsLimit: 50,
      Ulimits: [{ Name: 'nofile', Soft: 500, Hard: 1000 }],
      Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/n', CgroupPermissions: 'r' }],
      DeviceRequests: [{ Driver: 'nvidia', Count: -1, Capabilities: [['gpu']] }],
      BlkioDeviceReadBps: [{ Path: '/dev/vda', Rate: 12 }],
    })
  })

  test('what is false or empty is sent where it was said', () => {
    expect(body({ tty: false, command: [], network_mode: 'none' })).toMatchObject({ Tty: false, Cmd: [] })
    expect(host({ init: false })!.Init).toBe(false)
  })
})

describe('several networks', () => {
  const networks = [
    { network: 'a', aliases: ['x'] },
    { network: 'b', aliases: ['y'] },
  ]

  test('are given at creation where the engine takes them', () => {
    expect(body({ networks }).NetworkingConfig!.EndpointsConfig).toEqual({
      a: { Aliases: ['x'] },
      b: { Aliases: ['y'] },
    })
    expect(later({ image: 'i', labels: {}, networks }, recent)).toEqual([])
  })

  test('are connected later where it takes one', () => {
    expect(body({ networks }, old).NetworkingConfig!.EndpointsConfig).toEqual({ a: { Aliases: ['x'] } })
    expect(later({ image: 'i', labels: {}, networks }, old)).toEqual([networks[1]])
  })

  test('the first one’s address is the container’s on an engine that knows no other', () => {
    const networks = [{ network: 'a', mac_address: '02:42:ac:11:65:43' }]
    expect(body({ networks }, old)).toMatchObject({
      MacAddress: '02:42:ac:11:65:43',
      NetworkingConfig: { EndpointsConfig: { a: {} } },
    })
    expect(body({ networks }, recent).MacAddress).toBeUndefined()
    expect(body({ networks }, recent).NetworkingConfig!.EndpointsConfig!['a']).toEqual({
      MacAddress: '02:42:ac:11:65:43',
    })
  })
})

test('an endpoint’s addresses, links, options and priority', () => {
  const endpoint = {
    network: 'front',
    aliases: ['web'],
    links: ['p-db-1:db'],
    ipv4_address: '10.99.7.5',
    ipv6_address: 'fd00:9::5',
    link_local_ips: ['169.254.8.8'],
    driver_opts: { a: 'b' },
    gw_priority: 5,
  }
  expect(endpointBody(endpoint, recent)).toEqual({
    IPAMConfig: { IPv4Address: '10.99.7.5', IPv6Address: 'fd00:9::5', LinkLocalIPs: ['169.254.8.8'] },
    Links: ['p-db-1:db'],
    Aliases: ['web'],
    DriverOpts: { a: 'b' },
    GwPriority: 5,
  })
})

describe('what an engine would drop silently is found', () => {
  const missing = (spec: Partial<ContainerSpec>) => missingFeatures({ image: 'i', labels: {}, ...spec }, old)

  test.each<[string, Partial<ContainerSpec>]>([
    ['start-interval', { healthcheck: { start_interval: 1 } }],
    ['image-mount', { mounts: [{ type: 'image', target: '/i' }] }],
    ['volume-subpath', { mounts: [{ type: 'volume', target: '/v', volume: { subpath: 'a' } }] }],
    ['gw-priority', { networks: [{ network: 'a', gw_priority: 1 }] }],
    ['interface-name', { networks: [{ network: 'a', driver_opts: { 'com.docker.network.endpoint.ifname': 'e' } }] }],
    ['endpoint-mac', { networks: [{ network: 'a' }, { network: 'b', mac_address: '02:42:ac:11:65:43' }] }],
  ])('%s', (feature, spec) => {
    expect(missing(spec)).toEqual([feature])
    expect(missingFeatures({ image: 'i', labels: {}, ...spec }, recent)).toEqual([])
  })

  test('what is not asked for is not missing', () => {
    expect(
      missing({ networks: [{ network: 'a', gw_priority: 0, mac_address: '02:42:ac:11:65:43' }, { network: 'b' }] }),
    ).toEqual([])
  })
})

test('a network', () => {
  expect(
    networkBody('p_front', {
      driver: 'bridge',
      driver_opts: { o: '1' },
      internal: true,
      enable_ipv6: true,
      labels: { a: 'b' },
      ipam: {
        driver: 'default',
        config: [
          { subnet: '10.0.0.0/24', ip_range: '10.0.0.0/25', gateway: '10.0.0.1', aux_addresses: { h: '10.0.0.9' } },
        ],
      },
    }),
  ).toEqual({
    Name: 'p_front',
    Driver: 'bridge',
    Options: { o: '1' },
    Internal: true,
    EnableIPv6: true,
    Labels: { a: 'b' },
    IPAM: {
      Driver: 'default',
      Config: [
        { Subnet: '10.0.0.0/24', IPRange: '10.0.0.0/25', Gateway: '10.0.0.1', AuxiliaryAddresses: { h: '10.0.0.9' } },
      ],
    },
  })
})

test('a volume', () => {
  expect(volumeBody('p_data', { driver_opts: { type: 'tmpfs' }, labels: { a: 'b' } })).toEqual({
    Name: 'p_data',
    DriverOpts: { type: 'tmpfs' },
    Labels: { a: 'b' },
  })
})

test('a change in place holds only what changes', () => {
  expect(updateBody({ resources: { memory: 64 }, restart: { name: 'always' } })).toEqual({
    Memory: 64,
    RestartPolicy: { Name: 'always' },
  })
  expect(updateBody({})).toEqual({})
})
