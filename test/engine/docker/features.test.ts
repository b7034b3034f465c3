import { describe, expect, test } from 'vitest'
import {
  FEATURES,
  featuresOf,
  followsToTheEnd,
  isBefore,
  tellsPastEvents,
  tellsStreamType,
} from '../../../src/engine/docker/features.ts'

const docker = (version: string, apiVersion: string) => ({ flavour: 'docker', version, apiVersion }) as const
const podman = (version: string, apiVersion: string) => ({ flavour: 'podman', version, apiVersion }) as const

test.each([
  ['1.9', '1.40', true],
  ['1.40', '1.9', false],
  ['1.41', '1.41', false],
  ['20.10.24+dfsg1', '23.0', true],
  ['28.5.2', '28.5', false],
  ['5', '5.0.1', true],
])('%s is before %s: %s', (version, other, expected) => expect(isBefore(version, other)).toBe(expected))

describe('features', () => {
  test('an engine of 20.10 has what is older than it', () => {
    expect([...featuresOf(docker('20.10.24', '1.41'))].toSorted()).toEqual(['buildkit', 'tells-settings', 'update'])
  })

  test('an engine of 28.5 has all of them', () => {
    expect(featuresOf(docker('28.5.2', '1.51')).size).toBe(Object.keys(FEATURES).length)
  })

  test('BuildKit is off where its users turn it off, and an engine of Windows has none', () => {
    const identity = docker('28.5.2', '1.51')
    const ofBuilds = ['buildkit', 'build-contexts', 'build-limits', 'build-checks'] as const
    for (const off of [{ env: { DOCKER_BUILDKIT: '0' } }, { env: { DOCKER_BUILDKIT: 'false' } }, { os: 'windows' }])
      for (const feature of ofBuilds) expect(featuresOf(identity, off).has(feature)).toBe(false)
    for (const feature of ofBuilds)
      expect(featuresOf(identity, { env: { DOCKER_BUILDKIT: '1' } }).has(feature)).toBe(true)
  })

  test('each begins with its API version, not before', () => {
    expect(featuresOf(docker('25.0', '1.44')).has('endpoints-at-create')).toBe(true)
    expect(featuresOf(docker('24.0', '1.43')).has('endpoints-at-create')).toBe(false)
    expect(featuresOf(docker('28.0', '1.48')).has('interface-name')).toBe(false)
  })

  test('a new engine that is spoken to in an old version has the old one’s', () => {
    expect(featuresOf(docker('28.5.2', '1.41'))).toEqual(featuresOf(docker('20.10.24', '1.41')))
  })

  test('Podman lacks what it drops silently, whatever its API version promises', () => {
    const old = featuresOf(podman('4.3.1', '1.41'))
    const recent = featuresOf(podman('5.8.6', '1.44'))
    expect(old.has('update')).toBe(false)
    expect(recent.has('update')).toBe(true)
    for (const feature of ['buildkit', 'start-interval', 'volume-subpath'] as const) {
      expect(old.has(feature)).toBe(false)
      expect(recent.has(feature)).toBe(false)
    }
  })
})

describe('quirks', () => {
  test('events of the past are Docker’s only', () => {
    expect(tellsPastEvents(docker('20.10.24', '1.41'))).toBe(true)
    expect(tellsPastEvents(podman('5.8.6', '1.44'))).toBe(false)
  })

  test('the type of a stream is told from API 1.42 on', () => {
    expect(tellsStreamType(docker('20.10.24', '1.41'))).toBe(false)
    expect(tellsStreamType(docker('23.0.0', '1.42'))).toBe(true)
  })

  test('a followed log is whole from Docker 23 on', () => {
    expect(followsToTheEnd(docker('20.10.24', '1.41'))).toBe(false)
    expect(followsToTheEnd(docker('28.5.2', '1.41'))).toBe(true)
  })
})
