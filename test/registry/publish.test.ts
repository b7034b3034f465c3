import { expect, test } from 'vitest'
import { findArtifact } from '../../src/registry/artifact.ts'
import { type Layer, publishArtifact } from '../../src/registry/publish.ts'
import type { Manner } from '../kit/artifact-registry.ts'
import { writableRegistry } from '../kit/writable-registry.ts'

const options = { env: {}, home: '/nowhere', version: '5.5.0', created: '2026-11-21T14:00:00Z' }
const layers: readonly Layer[] = [
  { name: 'compose.yaml', kind: 'compose', text: 'a: 1\n' },
  { name: 'more.yaml', kind: 'compose', text: 'b: 1\n' },
  { name: '00.yaml', kind: 'extended', text: 'c: 1\n' },
  { name: '00.env', kind: 'env', text: 'D=1\n' },
]

test('what is published is read again', async () => {
  const { host } = await writableRegistry()
  const digest = await publishArtifact(`${host}/shop:1`, layers, options)
  const found = await findArtifact(`${host}/shop:1`, options)
  expect(found.digest).toBe(digest)
  const files = [...(await found.files())].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])
  expect(files).toEqual([
    ['compose.yaml', 'a: 1\n\n---\nb: 1\n'],
    ['00.yaml', 'c: 1\n'],
    ['00.env', 'D=1\n'],
  ])
})

test('the artifact is the one that docker compose makes', async () => {
  const { host, manifest } = await writableRegistry()
  await publishArtifact(`${host}/shop:1`, layers.slice(2), options)
  const annotations = (more: object) => ({ ...more, 'com.docker.compose.version': '5.5.0' })
  expect(manifest('1')).toEqual({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactType: 'application/vnd.docker.compose.project',
    config: {
      mediaType: 'application/vnd.oci.empty.v1+json',
      digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      size: 2,
      data: 'e30=',
    },
    layers: [
      {
        mediaType: 'application/vnd.docker.compose.file+yaml',
        digest: expect.stringMatching(/^sha256:/),
        size: 5,
        data: 'YzogMQo=',
        annotations: annotations({
          'com.docker.compose.file': '00.yaml',
          'com.docker.compose.extends': 'true',
        }),
      },
      {
        mediaType: 'application/vnd.docker.compose.envfile',
        digest: expect.stringMatching(/^sha256:/),
        size: 4,
        data: 'RD0xCg==',
        annotations: annotations({ 'com.docker.compose.envfile': '00.env' }),
      },
    ],
    annotations: { 'org.opencontainers.image.created': '2026-11-21T14:00:00Z' },
  })
})

test('a registry that knows no artifact types gets the older form', async () => {
  const old: Manner = ({ method }, _, body) =>
    method === 'PUT' && body.includes('"artifactType"') ? { status: 400, body: '{}' } : undefined
  const { host, manifest } = await writableRegistry(old)
  await publishArtifact(`${host}/shop:1`, layers, options)
  expect(manifest('1')).toMatchObject({
    config: { mediaType: 'application/vnd.docker.compose.config.empty.v1+json' },
  })
  expect((await findArtifact(`${host}/shop:1`, options)).digest).toMatch(/^sha256:/)
  await expect(publishArtifact(`${host}/shop:2`, layers, { ...options, ociVersion: '1.1' })).rejects.toThrow(
    `registry "${host}" answers 400`,
  )
})

test('a repository is sent only what it does not have', async () => {
  const { host, requests } = await writableRegistry()
  await publishArtifact(`${host}/shop:1`, layers, options)
  const sent = requests.filter(line => line.startsWith('PUT')).length
  await publishArtifact(`${host}/shop:2`, layers, options)
  expect(sent).toBe(layers.length + 2)
  expect(requests.filter(line => line.startsWith('PUT')).slice(sent)).toEqual(['PUT /v2/shop/manifests/2'])
})

test('who may not write is told to log in', async () => {
  const { host } = await writableRegistry(({ method }) => (method === 'POST' ? { status: 403 } : undefined))
  await expect(publishArtifact(`${host}/shop:1`, layers, options)).rejects.toThrow(
    `registry "${host}" does not let you write "${host}/shop"`,
  )
})

test('content is not sent to a place where others could listen', async () => {
  const location = 'http://elsewhere.example/upload'
  const { host } = await writableRegistry(({ method }) =>
    method === 'POST' ? { status: 202, headers: { location } } : undefined,
  )
  await expect(publishArtifact(`${host}/shop:1`, layers, options)).rejects.toThrow(
    `registry "${host}" wants content to be sent to "elsewhere.example", which is not https`,
  )
})

test('a token that lets only read is changed for one that lets write, once', async () => {
  const manner: Manner = ({ url = '', method, headers }, host) => {
    if (url === '/v2/') return undefined
    if (url.startsWith('/token'))
      return { status: 200, body: JSON.stringify({ token: url.includes('push') ? 'w' : 'r' }) }
    const reads = method === 'GET' || method === 'HEAD'
    const allowed = reads ? ['Bearer r', 'Bearer w'] : ['Bearer w']
    const scope = `repository:shop:pull${reads ? '' : ',push'}`
    const challenge = `Bearer realm="http://${host}/token",service="r",scope="${scope}"`
    return allowed.includes(headers.authorization ?? '')
      ? undefined
      : { status: 401, headers: { 'www-authenticate': challenge } }
  }
  const { host, requests } = await writableRegistry(manner)
  await publishArtifact(`${host}/shop:1`, layers, options)
  expect(requests.filter(line => line.startsWith('GET /token'))).toEqual([
    'GET /token?service=r&scope=repository%3Ashop%3Apull',
    'GET /token?service=r&scope=repository%3Ashop%3Apull%2Cpush',
  ])
})
