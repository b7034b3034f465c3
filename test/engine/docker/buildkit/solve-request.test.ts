import { expect, test } from 'vitest'
import type { SolveOptions } from '../../../../src/engine/build.ts'
import { cache, type Known, solveRequest } from '../../../../src/engine/docker/buildkit/solve-request.ts'

const folder = { key: 'k', async *entries() {}, async *read() {} }
const asked = (options: Partial<SolveOptions>, known?: Known) =>
  solveRequest({ tags: ['shop'], context: folder, dockerfile: folder, filename: 'Dockerfile', ...options }, known)
const attributes = (options: Partial<SolveOptions>, known?: Known) => {
  const { filename: _, ...rest } = asked(options, known).attributes
  return rest
}

test('a build is asked for by the Dockerfile’s name, and named in full', () => {
  expect(asked({ tags: ['shop', 'example.com/shop:1'] })).toEqual({
    attributes: { filename: 'Dockerfile' },
    names: ['docker.io/library/shop:latest', 'example.com/shop:1'],
    entitlements: [],
    inputs: {},
    cacheImports: [],
    cacheExports: [],
  })
})

test.each<[string, Partial<SolveOptions>, Record<string, string>]>([
  ['a target', { target: 't' }, { target: 't' }],
  ['arguments, but not those left to the Dockerfile', { args: { A: '1', B: null } }, { 'build-arg:A': '1' }],
  ['labels', { labels: { a: 'b' } }, { 'label:a': 'b' }],
  ['no cache at all', { no_cache: true, no_cache_filter: ['x'] }, { 'no-cache': '' }],
  ['no cache for stages', { no_cache_filter: ['a', 'b'] }, { 'no-cache': 'a,b' }],
  ['newer base images', { pull: true }, { 'image-resolve-mode': 'pull' }],
  ['platforms', { platforms: ['linux/amd64', 'linux/arm64'] }, { platform: 'linux/amd64,linux/arm64' }],
  ['a network', { network: 'none' }, { 'force-network-mode': 'none' }],
  ['hosts, IPv6 too', { extra_hosts: ['a:1.2.3.4', 'b:::1'] }, { 'add-hosts': 'a=1.2.3.4,b=::1' }],
  ['shared memory', { shm_size: 65536 }, { 'shm-size': '65536' }],
  ['limits', { ulimits: [{ name: 'nofile', soft: 1, hard: 2 }] }, { ulimit: 'nofile=1:2' }],
  ['attestations', { provenance: 'mode=max', sbom: 'true' }, { 'attest:provenance': 'mode=max', 'attest:sbom': '' }],
  ['none of them', { provenance: 'false', sbom: '' }, {}],
  ['a folder by name', { contexts: { a: folder } }, { 'context:a': 'local:context-a' }],
  ['an image by name', { contexts: { a: 'docker-image://x' } }, { 'context:a': 'docker-image://x' }],
])('%s', (_, options, expected) => {
  expect(attributes(options)).toEqual(expected)
})

test('a context that the engine fetches is named, and a Dockerfile of ours beside it', () => {
  const { dockerfile: _, ...fetched } = {
    dockerfile: folder,
    context: 'https://x/y.git',
    filename: 'Dockerfile',
    tags: ['a'],
  }
  expect(solveRequest(fetched).attributes).toEqual({ filename: 'Dockerfile', context: 'https://x/y.git' })
  expect(attributes({ context: 'https://x/y.git' })).toEqual({
    context: 'https://x/y.git',
    dockerfilekey: 'dockerfile',
  })
})

test('an image that the engine has goes in as an input', () => {
  const base = { definition: Buffer.from('d'), metadata: '{}' }
  const request = asked({ contexts: { base: { image: 'x' } } }, { images: { base } })
  expect(request.attributes).toMatchObject({ 'context:base': 'input:base', 'input-metadata:base': '{}' })
  expect(request.inputs).toEqual({ base: base.definition })
})

test('"host-gateway" is the engine’s address, and refused where it tells none', () => {
  expect(attributes({ extra_hosts: ['a:host-gateway'] }, { hostGateway: '10.0.0.1' })).toEqual({
    'add-hosts': 'a=10.0.0.1',
  })
  expect(() => attributes({ extra_hosts: ['a:host-gateway'] })).toThrow('does not tell its address for containers')
})

test('a cache is a reference, or settings with commas between', () => {
  expect(cache('example.com/shop:cache')).toEqual({ type: 'registry', attributes: { ref: 'example.com/shop:cache' } })
  expect(cache('type=registry,ref=x,mode=max')).toEqual({ type: 'registry', attributes: { ref: 'x', mode: 'max' } })
  expect(cache('type=s3,"prefix=a,b"')).toEqual({ type: 's3', attributes: { prefix: 'a,b' } })
  expect(() => cache('type=registry,mode')).toThrow('has "mode" where KEY=VALUE belongs')
  expect(() => cache('ref=x,mode=max')).toThrow('has no type')
})
