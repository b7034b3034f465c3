import { describe, expect, test } from 'vitest'
import { buildProblems, buildSpec } from '../../src/local/build-spec.ts'
import type { Build, Project, Service } from '../../src/model/project.ts'
import { aProject } from '../kit/project.ts'

const spec = (build: Build, service: Service = {}, more: Partial<Project> = {}) =>
  buildSpec(aProject({ web: { ...service, build } }, more), 'web', '-')

test('a build is given the default name, the Dockerfile’s place and whose it is', () => {
  expect(spec({ context: '/srv/shop/web', dockerfile: 'Dockerfile' })).toEqual({
    tags: ['shop-web'],
    context: '/srv/shop/web',
    dockerfile: '/srv/shop/web/Dockerfile',
    labels: {
      'com.docker.compose.project': 'shop',
      'com.docker.compose.service': 'web',
      'com.docker.compose.version': '5.5.0',
    },
  })
})

test('the image’s own name comes first, then its tags, each once', () => {
  expect(spec({ tags: ['a', 'b'] }, { image: 'b' }).tags).toEqual(['b', 'a'])
})

test('a Dockerfile outside the context keeps its path', () => {
  expect(spec({ context: '/c', dockerfile: '/other/Dockerfile' }).dockerfile).toBe('/other/Dockerfile')
})

test('arguments without value come from the environment, or are left to the Dockerfile', () => {
  const args = { A: 'own', B: null, C: null }
  expect(spec({ args }, {}, { environment: { A: 'x', B: 'y' } }).args).toEqual({ A: 'own', B: 'y', C: null })
})

test('the platform is the service’s, or the only one named, or the engine’s', () => {
  expect(spec({ platforms: ['linux/arm64', 'linux/amd64'] }, { platform: 'linux/amd64' }).platform).toBe('linux/amd64')
  expect(spec({ platforms: ['linux/arm64'] }).platform).toBe('linux/arm64')
  expect(spec({ platforms: ['linux/arm64', 'linux/amd64'] }).platform).toBeUndefined()
})

test('what the builder can do is passed on', () => {
  const build: Build = {
    target: 't',
    no_cache: true,
    pull: true,
    network: 'host',
    shm_size: 5,
    cache_from: ['x'],
    ulimits: { nofile: { single: 5 } },
    dockerfile_inline: 'FROM a',
    extra_hosts: { b: ['1.1.1.1', '2.2.2.2'], a: ['host-gateway'] },
    labels: { l: '1' },
  }
  expect(spec(build)).toMatchObject({
    target: 't',
    no_cache: true,
    pull: true,
    network: 'host',
    shm_size: 5,
    cache_from: ['x'],
    ulimits: [{ name: 'nofile', soft: 5, hard: 5 }],
    dockerfile_inline: 'FROM a',
    extra_hosts: ['a:host-gateway', 'b:1.1.1.1', 'b:2.2.2.2'],
    labels: { l: '1' },
  })
})

describe('what the builder cannot do is refused by name', () => {
  test.each<[string, Build]>([
    ['additional_contexts', { additional_contexts: { a: '/a' } }],
    ['cache_to', { cache_to: ['x'] }],
    ['entitlements', { entitlements: ['network.host'] }],
    ['no_cache_filter', { no_cache_filter: ['x'] }],
    ['privileged', { privileged: true }],
    ['provenance', { provenance: 'mode=max' }],
    ['sbom', { sbom: 'true' }],
    ['secrets', { secrets: [{ source: 's' }] }],
    ['ssh', { ssh: { default: '' } }],
    ['isolation', { isolation: 'hyperv' }],
  ])('%s', (attribute, build) => {
    expect(buildProblems(build, 'web')).toMatchObject([
      { code: 'unsupported-build', severity: 'error', message: expect.stringContaining(`"build.${attribute}"`) },
    ])
  })
  test.each(['https://github.com/a/b.git', 'git@github.com:a/b', 'github.com/a/b', 'oci://x'])(
    'context %s',
    context => {
      expect(buildProblems({ context }, 'web')).toMatchObject([{ code: 'unsupported-build' }])
    },
  )
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
  expect(buildProblems(build, 'web')).toEqual([])
})

test('arguments that are not declared come from the proxies', () => {
  const made = (build: Build) =>
    buildSpec(aProject({ web: { build } }), 'web', '-', { HTTP_PROXY: 'http://p', http_proxy: 'http://p' }).args
  expect(made({ args: { HTTP_PROXY: 'own' } })).toEqual({ HTTP_PROXY: 'own', http_proxy: 'http://p' })
  expect(made({})).toEqual({ HTTP_PROXY: 'http://p', http_proxy: 'http://p' })
})
