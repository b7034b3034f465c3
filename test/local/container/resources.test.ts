import { describe, expect, test } from 'vitest'
import { resources } from '../../../src/local/container/resources.ts'
import type { Service } from '../../../src/model/project.ts'

describe('a service’s own limits', () => {
  test.each<[string, Service, unknown]>([
    ['mem_limit', { mem_limit: 67108864 }, { memory: 67108864 }],
    ['memswap_limit without end', { memswap_limit: -1 }, { memory_swap: -1 }],
    ['cpus', { cpus: 0.5 }, { nano_cpus: 500_000_000 }],
    ['cpus that a float cannot hold', { cpus: 0.1 + 0.2 }, { nano_cpus: 300_000_000 }],
    ['pids_limit', { pids_limit: 100 }, { pids_limit: 100 }],
    ['pids_limit without end', { pids_limit: -1 }, { pids_limit: -1 }],
    ['cpu_percent, as engines count it', { cpu_percent: 50 }, { cpu_percent: 50 }],
    ['oom_kill_disable', { oom_kill_disable: true }, { oom_kill_disable: true }],
    [
      'ulimits, short and long, by name',
      { ulimits: { nproc: { single: 10 }, core: { soft: 0, hard: 0 }, nofile: { soft: 1, hard: 2 } } },
      {
        ulimits: [
          { name: 'core', soft: 0, hard: 0 },
          { name: 'nofile', soft: 1, hard: 2 },
          { name: 'nproc', soft: 10, hard: 10 },
        ],
      },
    ],
    [
      'blkio_config',
      { blkio_config: { weight: 300, device_read_bps: [{ path: '/dev/sda', rate: 1024 }] } },
      { blkio_weight: 300, blkio_device_read_bps: [{ path: '/dev/sda', rate: 1024 }] },
    ],
  ])('%s', (_, service, spec) => expect(resources(service)).toEqual(spec))
})

test.each<[string, Service]>([
  ['nothing', {}],
  ['zeros', { mem_limit: 0, cpus: 0, pids_limit: 0, oom_kill_disable: false }],
])('%s asks for nothing', (_, service) => expect(resources(service)).toBeUndefined())

test('limits of deploy win over the service’s own', () => {
  const deploy = { resources: { limits: { cpus: 1, memory: 2, pids: 3 }, reservations: { memory: 4, cpus: 5 } } }
  expect(resources({ cpus: 9, mem_limit: 9, pids_limit: 9, mem_reservation: 9, deploy })).toEqual({
    nano_cpus: 1e9,
    memory: 2,
    pids_limit: 3,
    memory_reservation: 4,
  })
})

describe('devices', () => {
  test('by path, to the same path and for all uses where nothing else is said', () => {
    expect(
      resources({ devices: [{ source: '/dev/a', target: '/dev/b', permissions: 'r' }, { source: '/dev/c' }] }),
    ).toEqual({
      devices: [
        { host: '/dev/a', container: '/dev/b', permissions: 'r' },
        { host: '/dev/c', container: '/dev/c', permissions: 'rwm' },
      ],
    })
  })
  test('by their name in the Container Device Interface', () => {
    expect(resources({ devices: [{ source: 'vendor.com/class=dev0', target: 'vendor.com/class=dev0' }] })).toEqual({
      device_requests: [{ driver: 'cdi', device_ids: ['vendor.com/class=dev0'] }],
    })
  })
  test('a name with another target is a path', () => {
    expect(
      resources({ devices: [{ source: 'vendor.com/class=a', target: '/dev/a' }] })?.device_requests,
    ).toBeUndefined()
  })
  test('gpus have the capability "gpu", once', () => {
    expect(
      resources({ gpus: [{ count: -1 }, { driver: 'nvidia', device_ids: ['0'], capabilities: ['gpu', 'compute'] }] }),
    ).toEqual({
      device_requests: [
        { count: -1, capabilities: [['gpu']] },
        { driver: 'nvidia', device_ids: ['0'], capabilities: [['gpu', 'compute']] },
      ],
    })
  })
  test('reservations of deploy are asked for as they are', () => {
    const devices = [{ capabilities: ['tpu'], count: 1, options: { a: 'b' } }]
    expect(resources({ deploy: { resources: { reservations: { devices } } } })).toEqual({
      device_requests: [{ capabilities: [['tpu']], count: 1, options: { a: 'b' } }],
    })
  })
})
