import { expect, test } from 'vitest'
import { type Builder, builderFor } from '../../../src/local/build/builder.ts'
import { buildSpec } from '../../../src/local/build/spec.ts'
import type { Build, Project, Service } from '../../../src/model/project.ts'
import { aProject } from '../../kit/project.ts'

const spec = (build: Build, service: Service = {}, more: Partial<Project> = {}) =>
  buildSpec(aProject({ web: { ...service, build } }, more), 'web', { separator: '-' })

test('a build is given the default name, the Dockerfile’s place and whose it is', () => {
  expect(spec({ context: '/srv/shop/web', dockerfile: 'Dockerfile' })).toEqual({
    builder: 'classic',
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

test('the platform is the service’s, or the only one named, or the engine’s; all of them where all are asked for', () => {
  const both = { platforms: ['linux/arm64', 'linux/amd64'] }
  expect(spec(both, { platform: 'linux/amd64' }).platforms).toEqual(['linux/amd64'])
  expect(spec({ platforms: ['linux/arm64'] }).platforms).toEqual(['linux/arm64'])
  expect(spec(both).platforms).toBeUndefined()
  const builder = { features: new Set(['buildkit'] as const), allPlatforms: true }
  expect(buildSpec(aProject({ web: { build: both } }), 'web', { separator: '-', builder }).platforms).toEqual(
    both.platforms,
  )
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
    cache_from: [{ type: 'registry', attributes: { ref: 'x' } }],
    ulimits: [{ name: 'nofile', soft: 5, hard: 5 }],
    dockerfile_inline: 'FROM a',
    extra_hosts: ['a:host-gateway', 'b:1.1.1.1', 'b:2.2.2.2'],
    labels: { l: '1' },
  })
})

test('with BuildKit all else is passed on as well', () => {
  const build: Build = {
    cache_to: ['type=inline'],
    entitlements: ['network.host'],
    no_cache_filter: ['base'],
    privileged: true,
    provenance: 'mode=max',
    sbom: 'true',
    ssh: { default: '', key: '/k' },
    secrets: [{ source: 'file' }, { source: 'text', target: 'id' }],
    additional_contexts: { dir: '/d', image: 'docker-image://x', base: 'service:base', named: 'service:named' },
  }
  const more = {
    environment: { SSH_AUTH_SOCK: '/agent' },
    secrets: { file: { file: '/f' }, text: { content: 'secret' } },
    disabled: { base: { build: {} }, named: { image: 'own:1' } },
  }
  expect(spec(build, {}, more)).toMatchObject({
    cache_to: [{ type: 'inline', attributes: {} }],
    entitlements: ['network.host', 'security.insecure'],
    no_cache_filter: ['base'],
    provenance: 'mode=max',
    sbom: 'true',
    ssh: { default: '/agent', key: '/k' },
    secrets: { file: { file: '/f' }, id: { content: 'secret' } },
    contexts: {
      dir: '/d',
      image: 'docker-image://x',
      base: { image: 'shop-base' },
      named: { image: 'own:1' },
    },
  })
})

test('a context that the engine fetches keeps the Dockerfile’s path as it is', () => {
  expect(spec({ context: 'https://example.com/shop.git#main', dockerfile: 'a/Dockerfile' }).dockerfile).toBe(
    'a/Dockerfile',
  )
})

test('BuildKit builds where there is one, but for what only the classic builder of the engine can', () => {
  const old = { features: new Set(['buildkit'] as const) }
  const modern = { features: new Set(['buildkit', 'build-contexts', 'build-limits'] as const) }
  const builder = (build: Build, builder: Builder) => builderFor(build, builder)
  expect(builder({}, { features: new Set() })).toBe('classic')
  expect(builder({}, old)).toBe('buildkit')
  expect(builder({ shm_size: 1 }, old)).toBe('classic')
  expect(builder({ shm_size: 1 }, modern)).toBe('buildkit')
  expect(builder({ network: 'mine' }, modern)).toBe('classic')
  expect(builder({ network: 'mine', ssh: { default: '' } }, modern)).toBe('buildkit')
})
