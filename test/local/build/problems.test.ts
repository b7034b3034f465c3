import { describe, expect, test } from 'vitest'
import type { Builder } from '../../../src/local/build/builder.ts'
import { buildProblems } from '../../../src/local/build/problems.ts'
import type { Build, Project } from '../../../src/model/project.ts'
import { aProject } from '../../kit/project.ts'

const classic: Builder = { features: new Set() }
const old: Builder = { features: new Set(['buildkit']) }
const modern: Builder = { features: new Set(['buildkit', 'build-contexts', 'build-limits']), store: 'layers' }
const containerd: Builder = { ...modern, store: 'containerd' }

const problems = (build: Build, builder?: Builder, more: Partial<Project> = {}) =>
  buildProblems(aProject({ web: { build } }, more), 'web', builder && { builder })

describe('what the classic builder cannot do is refused by name', () => {
  test.each<[string, Build]>([
    ['additional_contexts', { additional_contexts: { a: '/a' } }],
    ['cache_to', { cache_to: ['x'] }],
    ['entitlements', { entitlements: ['network.host'] }],
    ['no_cache_filter', { no_cache_filter: ['x'] }],
    ['privileged', { privileged: true }],
    ['provenance', { provenance: 'mode=max' }],
    ['sbom', { sbom: 'true' }],
    ['secrets', { secrets: [{ source: 's' }] }],
    ['ssh', { ssh: { key: '/key' } }],
    ['dockerfile_inline', { context: 'https://a/b.tgz', dockerfile_inline: 'FROM x' }],
  ])('%s', (attribute, build) => {
    expect(problems(build, classic)).toMatchObject([
      { code: 'unsupported-build', severity: 'error', message: expect.stringContaining(`"build.${attribute}"`) },
    ])
  })
})

describe('what an engine’s BuildKit cannot do is refused by name', () => {
  test.each<[string, Build, Builder, string]>([
    ['named contexts before 23', { additional_contexts: { a: '/a' } }, old, 'needs Docker Engine 23.0'],
    ['directories of repositories before 23', { context: 'https://a/b.git#main:sub' }, old, 'needs Docker Engine 23.0'],
    ['limits before 23', { shm_size: 1, ssh: { key: '/k' } }, old, '"build.shm_size" needs Docker Engine 23.0'],
    ['another network', { network: 'mine', secrets: [{ source: 's' }] }, modern, 'not in "mine"'],
    [
      'attestations of layers',
      { provenance: 'true' },
      modern,
      '"build.provenance" needs an engine with the containerd',
    ],
    ['bills of layers', { sbom: 'true' }, modern, '"build.sbom" needs an engine with the containerd'],
    [
      'caches in registries',
      { cache_to: ['type=registry,ref=x'] },
      modern,
      '"build.cache_to" of type "registry" needs an engine with the containerd',
    ],
    [
      'caches kept in folders',
      { cache_to: ['type=local,dest=/x'] },
      modern,
      'of type "local" needs an engine with the',
    ],
    [
      'caches of other builders',
      { cache_to: ['type=s3,bucket=x'] },
      containerd,
      '"s3" is not in an engine\'s BuildKit',
    ],
    ['caches of no place', { cache_from: ['type=local'] }, modern, 'the cache "type=local" has no "src"'],
    ['caches of no type', { cache_from: ['ref=x,mode=max'] }, modern, 'the cache "ref=x,mode=max" has no type'],
    ['what is no cache', { cache_to: ['type=registry,mode'] }, modern, 'has "mode" where KEY=VALUE belongs'],
    ['several platforms', { platforms: ['a', 'b'] }, { ...modern, allPlatforms: true }, 'more than one platform'],
    [
      'OCI layouts',
      { additional_contexts: { a: 'oci-layout:///x' } },
      modern,
      'the OCI layout of the context "a" needs an engine with the containerd',
    ],
    ['Windows', { isolation: 'hyperv' }, modern, '"build.isolation"'],
    ['services as context', { context: 'service:base' }, modern, 'neither a directory nor an address'],
    ['what is no address', { context: 'oci://x' }, modern, 'of no kind that is known'],
  ])('%s', (_, build, builder, message) => {
    expect(problems(build, builder)).toMatchObject([{ message: expect.stringContaining(message) }])
  })
})

test('what an engine can do is not refused', () => {
  const build: Build = {
    additional_contexts: { a: '/a', b: 'docker-image://b', c: 'https://github.com/a/b.git', d: 'oci-layout:///x' },
    cache_to: ['type=registry,ref=x', 'type=local,dest=/x', 'type=inline'],
    cache_from: ['x', 'type=local,src=/x'],
    provenance: 'mode=max',
    sbom: 'true',
    platforms: ['linux/amd64', 'linux/arm64'],
    shm_size: 5,
    ulimits: { nofile: { single: 5 } },
    privileged: true,
    network: 'host',
    context: 'git@github.com:a/b',
  }
  expect(problems(build, { ...containerd, allPlatforms: true })).toEqual([])
})

test('a cache of GitHub Actions is refused only where there is one that the engine cannot use', () => {
  const build: Build = { cache_from: ['type=gha'], cache_to: ['type=gha,mode=max'] }
  const environment = { ACTIONS_RUNTIME_TOKEN: 'hunter2', ACTIONS_CACHE_URL: 'https://cache.example/' }
  expect(problems(build, modern)).toEqual([])
  expect(problems(build, containerd, { environment })).toEqual([])
  const refused = problems(build, modern, { environment })
  expect(refused).toMatchObject([
    { message: expect.stringContaining('"build.cache_from" of type "gha" needs an engine') },
    { message: expect.stringContaining('"build.cache_to" of type "gha" needs an engine') },
  ])
  expect(JSON.stringify(refused)).not.toContain('hunter2')
})

test('nothing is refused that is empty or switched off', () => {
  const build: Build = {
    context: '/srv',
    secrets: [],
    ssh: {},
    privileged: false,
    provenance: 'false',
    sbom: 'false',
    isolation: 'default',
    platforms: ['linux/amd64', 'linux/arm64'],
  }
  for (const builder of [classic, old, modern]) expect(problems(build, builder)).toEqual([])
})

describe('a secret that is not to be had is told before anything is built', () => {
  const build: Build = { secrets: [{ source: 'token' }] }
  test.each<[string, Project['secrets'][string], string]>([
    ['of a variable that is not set', { environment: 'TOKEN' }, 'needs the variable "TOKEN", which is not set'],
    ['of a file that is not there', { file: '/nowhere' }, 'the file "/nowhere" of the secret "token" does not exist'],
    ['of a swarm', { external: true }, 'is kept by a swarm'],
  ])('%s', (_, token, message) => {
    const builder = { ...modern, missing: new Set(['/nowhere']) }
    expect(problems(build, builder, { secrets: { token } })).toMatchObject([
      { message: expect.stringContaining(message) },
    ])
  })
})

test('an agent or a key that is not there is told before anything is built', () => {
  expect(problems({ ssh: { default: '' } }, modern)).toMatchObject([
    { message: expect.stringContaining('SSH_AUTH_SOCK names none') },
  ])
  expect(problems({ ssh: { default: '' } }, modern, { environment: { SSH_AUTH_SOCK: '/agent' } })).toEqual([])
  expect(problems({ ssh: { key: '/k' } }, { ...modern, missing: new Set(['/k']) })).toMatchObject([
    { message: expect.stringContaining('"/k", which "build.ssh" names, does not exist') },
  ])
})
