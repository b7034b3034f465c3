import { describe, expect, test } from 'vitest'
import type { AttachedNetwork, ContainerDetail, ContainerSpec, LiveSpec } from '../../../src/engine/engine.ts'
import { drift, driftedEndpoints, inPlace } from '../../../src/local/judge/drift.ts'

const spec = (more: Partial<ContainerSpec>): ContainerSpec => ({ image: 'x', labels: {}, ...more })

/** A live container, of what drift looks at. */
function live(more: Partial<LiveSpec> = {}, networks: readonly Partial<AttachedNetwork>[] = []): ContainerDetail {
  const limits = { memory: 0, memory_swap: 0, memory_reservation: 0, nano_cpus: 0, pids_limit: 0 }
  const cpu = { cpu_shares: 0, cpu_quota: 0, cpu_period: 0, cpuset_cpus: '' }
  const attached = networks.map(network => ({ name: 'n', id: '1', aliases: [], ip: '10.0.0.2', ...network }))
  return { networks: attached, spec: { restart: 'no', ...limits, ...cpu, ...more } } as unknown as ContainerDetail
}

test('a container that is as declared has not drifted', () => {
  const declared = spec({
    resources: { memory: 5, pids_limit: -1 },
    restart: { name: 'on-failure', maximum_retry_count: 3 },
  })
  expect(drift(declared, live({ memory: 5, pids_limit: 0, restart: 'on-failure:3' }))).toEqual([])
  expect(inPlace(declared, live({ memory: 5, restart: 'on-failure:3' }))).toBeUndefined()
})

test('what is not declared is the engine’s to choose', () => {
  expect(drift(spec({}), live({ pids_limit: 2048, memory: 9, memory_swap: 18 }))).toEqual([])
})

test('each limit that is another one live is told', () => {
  expect(drift(spec({ resources: { memory: 5, nano_cpus: 1e9 } }), live({ memory: 9, nano_cpus: 1e9 }))).toEqual([
    { code: 'drifted', path: 'mem_limit', from: '9', to: '5' },
  ])
})

describe('in place', () => {
  test('memory moves together with swap, which must not be less', () => {
    expect(inPlace(spec({ resources: { memory: 5 } }), live({ memory: 1, memory_swap: 2 }))).toEqual({
      resources: { memory: 5, memory_swap: 10 },
    })
    expect(inPlace(spec({ resources: { memory: 5, memory_swap: -1 } }), live({ memory: 1, memory_swap: -1 }))).toEqual({
      resources: { memory: 5, memory_swap: -1 },
    })
  })
  test('a restart policy is set, and taken away', () => {
    expect(inPlace(spec({ restart: { name: 'always' } }), live())).toEqual({ restart: { name: 'always' } })
    expect(inPlace(spec({}), live({ restart: 'always' }))).toEqual({ restart: { name: 'no' } })
  })
  test('only what differs is asked for', () => {
    const declared = spec({ resources: { nano_cpus: 5e8, pids_limit: 10, cpuset_cpus: '0' } })
    expect(inPlace(declared, live({ nano_cpus: 1e9, pids_limit: 10, cpuset_cpus: '0' }))).toEqual({
      resources: { nano_cpus: 5e8 },
    })
  })
})

describe('networks', () => {
  const on = (...aliases: string[]) => spec({ networks: [{ network: 'n', aliases }] })

  test('a lost alias is drift, one more is not', () => {
    expect(driftedEndpoints(on('web'), live({}, [{ aliases: ['web', 'else'] }]))).toEqual([])
    expect(driftedEndpoints(on('web', 'www'), live({}, [{ aliases: ['web'] }]))).toHaveLength(1)
  })
  test('an address that was not given is drift, one that nobody asked for is not', () => {
    const declared = spec({ networks: [{ network: 'n', ipv4_address: '10.0.0.5' }] })
    expect(driftedEndpoints(declared, live({}, [{ ipv4_address: '10.0.0.5' }]))).toEqual([])
    expect(driftedEndpoints(declared, live({}, [{}]))).toHaveLength(1)
    expect(driftedEndpoints(on(), live({}, [{ ip: '10.0.0.9' }]))).toEqual([])
  })
  test('another MAC address is drift, one that does not show yet is not', () => {
    const declared = spec({ networks: [{ network: 'n', mac_address: '02-42-AC-00-00-01' }] })
    expect(driftedEndpoints(declared, live({}, [{ mac: '02:42:ac:00:00:01' }]))).toEqual([])
    expect(driftedEndpoints(declared, live({}, [{ mac: '02:42:ac:00:00:02' }]))).toHaveLength(1)
    expect(driftedEndpoints(declared, live({}, [{}]))).toEqual([])
  })
  test('a network that is not attached is not drift but missing', () => {
    expect(driftedEndpoints(on('web'), live())).toEqual([])
  })
  test('drift of a network is told by its name', () => {
    expect(drift(on('web'), live({}, [{}]))).toEqual([{ code: 'drifted', path: 'networks.n.aliases', to: 'web' }])
  })
})
