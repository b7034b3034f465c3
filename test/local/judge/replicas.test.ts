import { expect, test } from 'vitest'
import { parentIn, replicasOf } from '../../../src/local/judge/replicas.ts'
import type { Observed, ObservedContainer } from '../../../src/local/observe.ts'

const web = { name: 'web', containerName: (n: number) => `shop-web-${n}` }

function container(name: string, more: Partial<ObservedContainer> = {}): ObservedContainer {
  return {
    id: name.padEnd(64, '0'),
    name,
    service: 'web',
    number: 1,
    kind: 'replica',
    state: 'running',
    hash: '',
    imageId: '',
    labels: {},
    networks: [],
    mounts: [],
    ...more,
  }
}

const observed = (...containers: ObservedContainer[]): Observed => ({
  containers,
  networks: [],
  volumes: [],
  named: { networks: new Map(), volumes: new Map() },
  claims: [],
  hookMarks: new Map(),
  lists: '',
})

const seen = (...containers: ObservedContainer[]) =>
  replicasOf(web, observed(...containers)).map(r => [
    r.number,
    r.main?.name,
    r.made.map(c => c.name),
    r.extra.map(c => c.name),
  ])

test('a replica is its number, its container, and what stands beside it', () => {
  expect(seen(container('shop-web-2', { number: 2 }), container('shop-web-1'))).toEqual([
    [1, 'shop-web-1', [], []],
    [2, 'shop-web-2', [], []],
  ])
})

test('a new container that an interrupted run left has the old one’s id before its name', () => {
  expect(seen(container('shop-web-1'), container('0123456789ab_shop-web-1'))).toEqual([
    [1, 'shop-web-1', ['0123456789ab_shop-web-1'], []],
  ])
})

test('it is known alone, too, and under a name of its own that the service no longer has', () => {
  expect(seen(container('0123456789ab_shop-web-1'))).toEqual([[1, undefined, ['0123456789ab_shop-web-1'], []]])
  const replaced = container('0123456789ab_site', { labels: { 'com.docker.compose.replace': 'site' } })
  expect(seen(replaced)).toEqual([[1, undefined, ['0123456789ab_site'], []]])
})

test('a name that somebody chose only looks like it', () => {
  expect(seen(container('0123456789ab_site'))).toEqual([[1, '0123456789ab_site', [], []]])
})

test('of two with one number, the one with the right name is it', () => {
  expect(seen(container('shop_web_1'), container('shop-web-1'))).toEqual([[1, 'shop-web-1', [], ['shop_web_1']]])
})

test('one-offs and other services are no replicas', () => {
  expect(seen(container('x', { kind: 'oneoff' }), container('shop-db-1', { service: 'db' }))).toEqual([])
})

test('what others borrow from a service is its first container, rather than a new one that is half-made', () => {
  const all = observed(
    container('0123456789ab_shop-web-1'),
    container('shop-web-1'),
    container('shop-web-2', { number: 2 }),
  )
  expect(parentIn(all)('web')).toBe(all.containers[1]!.id)
  expect(parentIn(all)('db')).toBeUndefined()
})
