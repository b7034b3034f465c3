import { expect, test } from 'vitest'
import { buildQuery } from '../../../src/engine/docker/build-query.ts'

const options = {
  tags: ['shop'],
  dockerfile: 'Dockerfile',
  args: { given: '1', left: null },
  extra_hosts: ['a:1.2.3.4', 'b:::1'],
  ulimits: [{ name: 'nofile', soft: 1, hard: 2 }],
  shm_size: 65_536,
  cache_from: ['x'],
}

test('what every builder takes is said alike', () => {
  for (const flavour of ['docker', 'podman'] as const)
    expect(buildQuery(options, flavour)).toMatchObject({
      t: ['shop'],
      dockerfile: 'Dockerfile',
      shmsize: 65_536,
      cachefrom: '["x"]',
      forcerm: true,
    })
})

test('Docker is told limits as objects, hosts one by one, and arguments that are left to the Dockerfile', () => {
  expect(buildQuery({ ...options, network: 'mine' }, 'docker')).toMatchObject({
    buildargs: { given: '1', left: null },
    extrahosts: ['a:1.2.3.4', 'b:::1'],
    ulimits: '[{"Name":"nofile","Soft":1,"Hard":2}]',
    networkmode: 'mine',
  })
})

test('Podman is told limits and hosts as lists of texts, and no argument that is left to the Dockerfile', () => {
  expect(buildQuery(options, 'podman')).toMatchObject({
    buildargs: { given: '1' },
    extrahosts: '["a:1.2.3.4","b:::1"]',
    ulimits: '["nofile=1:2"]',
  })
})

test.each([
  [undefined, undefined, false, ''],
  ['default', undefined, false, ''],
  ['host', undefined, true, ''],
  ['none', 'NetworkDisabled', false, ''],
  ['mine', undefined, false, 'mine'],
])('Podman builds in the network %s only where it is named in its own words', (network, networkmode, Host, Path) => {
  const query = buildQuery({ ...options, ...(network !== undefined && { network }) }, 'podman')
  expect(query['networkmode']).toBe(networkmode)
  expect(JSON.parse(String(query['nsoptions']))).toEqual([{ Name: 'network', Host, Path }])
})
