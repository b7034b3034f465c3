import { describe, expect, test } from 'vitest'
import { Cycle } from '../../src/base/dag.ts'
import { dependencies, dependents, inOrder } from '../../src/model/graph.ts'
import type { Service } from '../../src/model/project.ts'

const needs = (service: Service) =>
  [...dependencies(service)].map(
    ([name, { road, condition, restart, required }]) =>
      `${name} by ${road}: ${condition}${restart ? ' restart' : ''}${required ? '' : ' optional'}`,
  )

describe('a service needs another', () => {
  test('that it depends on, as it says', () => {
    expect(needs({ depends_on: { db: { condition: 'service_healthy', required: false } } })).toEqual([
      'db by depends_on: service_healthy optional',
    ])
  })

  test('that it is linked to, by its name or another', () => {
    expect(needs({ links: ['db', 'cache:redis'] })).toEqual([
      'db by links: service_started restart',
      'cache by links: service_started restart',
    ])
  })

  test('whose namespaces it shares', () => {
    expect(needs({ network_mode: 'service:vpn', ipc: 'service:a', pid: 'service:b', uts: 'service:c' })).toEqual([
      'vpn by network_mode: service_started restart',
      'a by ipc: service_started restart',
      'b by pid: service_started restart',
      'c by uts: service_started restart',
    ])
    expect(needs({ network_mode: 'host', pid: 'container:x' })).toEqual([])
  })

  test('whose volumes it borrows', () => {
    expect(needs({ volumes_from: ['data:ro', 'container:other'] })).toEqual(['data by volumes_from: service_started'])
  })

  test('once, and what depends_on says wins', () => {
    expect(needs({ depends_on: { db: { condition: 'service_healthy', required: true } }, links: ['db'] })).toEqual([
      'db by depends_on: service_healthy',
    ])
  })
})

describe('order', () => {
  const after = (...names: string[]): Service => ({
    depends_on: Object.fromEntries(names.map(name => [name, { condition: 'service_started', required: true }])),
  })

  test('what is needed comes first, the rest by name', () => {
    expect(inOrder({ services: { web: after('api'), api: after('db'), db: {}, admin: {} } })).toEqual([
      'admin',
      'db',
      'api',
      'web',
    ])
  })

  test('what is not in the project is left out', () => {
    expect(inOrder({ services: { web: after('off') } })).toEqual(['web'])
  })

  test('a cycle is thrown with its path', () => {
    expect(() => inOrder({ services: { a: after('b'), b: after('a') } })).toThrow(new Cycle(['a', 'b', 'a']))
  })

  test('dependents are found through others', () => {
    const services = { web: after('api'), api: after('db'), db: {}, admin: {} }
    expect([...dependents({ services }, ['db'])]).toEqual(['api', 'web'])
  })

  test('a ladder of a thousand levels takes no time', () => {
    const services: Record<string, Service> = {}
    for (let i = 0; i < 1000; i++) {
      const below = i === 0 ? after() : after(`a${i - 1}`, `b${i - 1}`)
      services[`a${i}`] = below
      services[`b${i}`] = below
    }
    expect(inOrder({ services })).toHaveLength(2000)
  })
})
