import { expect, test } from 'vitest'
import type { SolveOptions } from '../../../../src/engine/build.ts'
import { type Known, solveRequest, storesOf } from '../../../../src/engine/docker/buildkit/solve-request.ts'
import { ociLayout } from '../../../../src/local/build/oci-layout.ts'

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

test('caches are told to the solver and to the frontend, which solves by itself', () => {
  const from = { type: 'registry', attributes: { ref: 'example.com/shop:cache' } }
  const request = asked({ cache_from: [from], cache_to: [{ type: 'inline', attributes: {} }] })
  expect(request).toMatchObject({ cacheImports: [from], cacheExports: [{ type: 'inline', attributes: {} }] })
  expect(JSON.parse(request.attributes['cache-imports']!)).toEqual([{ Type: 'registry', Attrs: from.attributes }])
})

test('folders of caches and layouts go by names of ours, whatever their paths', () => {
  const store = ociLayout('/a/ä')
  const local = (place: string) => ({ type: 'local', attributes: { [place]: '/a/ä' }, store })
  const options = {
    contexts: { plain: 'docker-image://x', base: { layout: store, digest: 'sha256:1' } },
    cache_from: [{ type: 'registry', attributes: { ref: 'x' } }, local('src')],
    cache_to: [local('dest')],
  }
  expect(Object.keys(storesOf(options))).toEqual(['local:cache-from-1', 'local:cache-to-0', 'oci:layout-1'])
  const { attributes, cacheImports, cacheExports } = asked(options)
  expect(attributes['context:base']).toBe('oci-layout://layout-1@sha256:1')
  expect(cacheImports[1]).toEqual({ type: 'local', attributes: { src: 'cache-from-1' } })
  expect(cacheExports).toEqual([{ type: 'local', attributes: { dest: 'cache-to-0' } }])
})
