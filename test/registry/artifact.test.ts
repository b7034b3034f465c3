import { describe, expect, test } from 'vitest'
import { findArtifact } from '../../src/registry/artifact.ts'
import { artifactRegistry, type Manner } from '../kit/artifact-registry.ts'
import { artifact, blob, type Content, envFile, extended, index, types } from '../kit/compose-artifact.ts'
import { aFolder } from '../kit/folder.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

interface Wish {
  readonly manner?: Manner
  readonly auth?: object
  readonly version?: string
}

/** The files of what a registry has as "shop:1", and what was asked for them. */
async function read(content: Content | undefined, { manner, auth, version = ':1' }: Wish = {}) {
  const registry = await artifactRegistry(manner)
  if (content) registry.publish('1', content)
  const home = aFolder({ '.docker/config.json': JSON.stringify({ auths: auth ? { [registry.host]: auth } : {} }) })
  const found = await findArtifact(`${registry.host}/shop${version}`, { env: {}, home })
  const files = await found.files()
  const texts = Object.fromEntries([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]))
  return { texts, digest: found.digest, requests: registry.requests }
}

const refusal = (content: Content | undefined, wish?: Wish) =>
  read(content, wish).then(
    () => 'it was read',
    (error: Error) => error.message.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST'),
  )

describe('the files of an artifact', () => {
  test('are its documents in one file, the files that services extend, and env files', async () => {
    const { texts } = await read(
      artifact(['a: 1', 'b: 2', extended('base.yaml', 'c: 3'), envFile('x.env', 'D=4'), { text: 'e', type: 'text/x' }]),
    )
    expect(texts).toEqual({ 'compose.yaml': 'a: 1\n---\nb: 2', 'base.yaml': 'c: 3', 'x.env': 'D=4' })
  })

  test('have its digest', async () => {
    const content = artifact(['a: 1'])
    expect(await read(content)).toMatchObject({ digest: content.manifest.digest })
    expect(await read(content, { version: `@${content.manifest.digest}` })).toMatchObject({
      texts: { 'compose.yaml': 'a: 1' },
    })
  })

  test('are found in an index', async () => {
    const project = artifact(['a: 1'])
    expect(await read(index(project))).toMatchObject({
      texts: { 'compose.yaml': 'a: 1' },
      digest: project.manifest.digest,
    })
  })

  test('are found in the form for registries that know no artifact types', async () => {
    const config = {
      mediaType: 'application/vnd.docker.compose.config.empty.v1+json',
      digest: blob('{}').digest,
      size: 2,
    }
    const { texts } = await read(artifact(['a: 1'], { artifactType: undefined, config }))
    expect(texts).toEqual({ 'compose.yaml': 'a: 1' })
  })
})

describe('what is no project is refused by name', () => {
  const image = { artifactType: undefined, config: { mediaType: 'application/vnd.oci.image.config.v1+json' } }

  test.each<[string, Content | undefined, string]>([
    ['an image', artifact([], image), '"oci://HOST/shop:1" is no Compose project, but an image'],
    ['another artifact', artifact([], { artifactType: 'x/y' }), '"oci://HOST/shop:1" is no Compose project, but "x/y"'],
    ['nothing', undefined, '"HOST/shop" has no "1"'],
    ['no JSON', { manifest: blob('<html>'), type: types.manifest, blobs: [] }, 'its manifest is not JSON'],
    ['no file', artifact([]), 'it has no Compose file'],
    ['two files of one name', artifact(['a: 1', envFile('x', '1'), envFile('x', '2')]), 'it has two files "x"'],
    ['a file without a name', artifact([{ text: '', type: types.envFile }]), 'a file in it has no name'],
    ['a layer that is missing', { ...artifact(['a: 1']), blobs: [] }, 'has no blob sha256:'],
  ])('%s', async (_, content, message) => expect(await refusal(content)).toContain(message))

  test('content that is not what its digest says', async () => {
    const { digest } = blob('a: 1')
    expect(await refusal({ ...artifact(['a: 1']), blobs: [{ digest, bytes: Buffer.from('a: 2') }] })).toContain(
      `what the registry sends is not ${digest}`,
    )
  })

  test('a manifest that is not the one asked for', async () => {
    const { digest } = blob('x')
    const manner: Manner = ({ url }) =>
      url?.includes('/manifests/') ? { status: 200, body: artifact(['a: 1']).manifest.bytes } : undefined
    expect(await refusal(undefined, { manner, version: `@${digest}` })).toContain(`is not ${digest}`)
  })

  test('more than any project has', async () => {
    const manner: Manner = ({ url }) =>
      url?.includes('/manifests/') ? { status: 200, body: Buffer.alloc(5 * 1024 * 1024) } : undefined
    expect(await refusal(undefined, { manner })).toBe('"HOST" sends more than 4 MiB for one file')
  })
})

test.each(['../x', '/etc/passwd', 'a/b', 'a\\b', '..', '.', 'C:x', 'a\0b'])(
  'a file named %j leads out of the folder',
  async name => {
    const message = /a file of the artifact is named .*, which leads out of its folder|a file in it has no name/
    expect(await refusal(artifact(['a: 1', extended(name, 'x')]))).toMatch(message)
    expect(await refusal(artifact(['a: 1', envFile(name, 'x')]))).toMatch(message)
  },
)

describe('who asks', () => {
  const login = { auth: base64('me:s3:cret') }
  const proof = `Basic ${base64('me:s3:cret')}`
  const unknown = (challenge: string) => ({ status: 401, headers: { 'www-authenticate': challenge } })

  const wantsBasic: Manner = ({ headers, url }) =>
    url !== '/v2/' && headers.authorization !== proof ? unknown('Basic realm="r"') : undefined
  const wantsToken =
    (
      give: (request: { headers: { authorization?: string | undefined } }, body: string) => object | undefined,
    ): Manner =>
    (request, host, body) => {
      if (request.url?.startsWith('/token')) {
        const token = give(request, body)
        return token ? { status: 200, body: JSON.stringify(token) } : { status: 401 }
      }
      const asked = `Bearer realm="http://${host}/token",service="r",scope="repository:shop:pull"`
      return request.url !== '/v2/' && request.headers.authorization !== 'Bearer t0ken' ? unknown(asked) : undefined
    }

  test('is said once it is asked for', async () => {
    const { requests } = await read(artifact(['a: 1']), { manner: wantsBasic, auth: login })
    expect(requests.slice(-3).map(line => line.replace(/sha256:.*? /, 'D '))).toEqual([
      'GET /v2/shop/manifests/1',
      'GET /v2/shop/manifests/1 (basic)',
      'GET /v2/shop/blobs/D (basic)',
    ])
  })

  test('is proved by a token', async () => {
    const manner = wantsToken(({ headers }) => (headers.authorization === proof ? { token: 't0ken' } : undefined))
    const { texts, requests } = await read(artifact(['a: 1']), { manner, auth: login })
    expect(texts).toEqual({ 'compose.yaml': 'a: 1' })
    expect(requests).toContain('GET /token?service=r&scope=repository%3Ashop%3Apull (basic)')
  })

  test('is nobody where nothing is stored, and may have a token all the same', async () => {
    const manner = wantsToken(({ headers }) => (headers.authorization ? undefined : { access_token: 't0ken' }))
    expect((await read(artifact(['a: 1']), { manner })).texts).toEqual({ 'compose.yaml': 'a: 1' })
  })

  test('is proved by an identity token', async () => {
    const manner = wantsToken((_, body) =>
      new URLSearchParams(body).get('refresh_token') === 'id3ntity' ? { access_token: 't0ken' } : undefined,
    )
    const auth = { identitytoken: 'id3ntity', auth: base64('00000000:') }
    expect((await read(artifact(['a: 1']), { manner, auth })).texts).toEqual({ 'compose.yaml': 'a: 1' })
  })

  test('is told to log in where it is not believed', async () => {
    const message = 'registry "HOST" does not let you read "HOST/shop"'
    expect(await refusal(artifact(['a: 1']), { manner: wantsBasic })).toBe(message)
    expect(await refusal(artifact(['a: 1']), { manner: wantsToken(() => undefined), auth: login })).toBe(message)
    expect(await refusal(artifact(['a: 1']), { manner: () => ({ status: 403 }) })).toBe(message)
  })

  test('proves it to nobody who could be heard', async () => {
    const manner: Manner = ({ url }) => (url === '/v2/' ? undefined : unknown('Bearer realm="http://r.example/token"'))
    expect(await refusal(artifact(['a: 1']), { manner, auth: login })).toContain(
      '"http://r.example/token", which is not https',
    )
  })

  test('is not told to another host that a blob is kept at', async () => {
    const store = await artifactRegistry(() => ({ status: 200, body: 'a: 1' }))
    const manner: Manner = (request, host, body) =>
      wantsBasic(request, host, body) ??
      (request.url?.includes('/blobs/')
        ? { status: 307, headers: { location: `http://${store.host}/kept` } }
        : undefined)
    expect((await read(artifact(['a: 1']), { manner, auth: login })).texts).toEqual({ 'compose.yaml': 'a: 1' })
    expect(store.requests).toEqual(['GET /kept'])
  })

  test.each(['http://r.example/x', 'file:///etc/passwd', '//'])('is not sent on to %s', async location => {
    const manner: Manner = ({ url }) => (url?.includes('/blobs/') ? { status: 302, headers: { location } } : undefined)
    expect(await refusal(artifact(['a: 1']), { manner })).toBe('"HOST" sends on to where it cannot be followed')
  })

  test('does not go round in circles', async () => {
    const manner: Manner = ({ url }) =>
      url?.includes('/blobs/') ? { status: 302, headers: { location: url } } : undefined
    expect(await refusal(artifact(['a: 1']), { manner })).toBe('"HOST" sends on to where it cannot be followed')
  })
})

describe('a registry', () => {
  test('that fails is told with its own words', async () => {
    const manner: Manner = ({ url }) =>
      url === '/v2/' ? undefined : { status: 503, body: '{"errors":[{"message":"on holiday"}]}' }
    expect(await refusal(undefined, { manner })).toBe('registry "HOST" answers 503: on holiday')
  })

  test('that is not there is told', async () => {
    const options = { env: {}, home: '/nowhere' }
    await expect(findArtifact('127.0.0.1:1/x', options)).rejects.toThrow(
      'registry "127.0.0.1:1" cannot be reached: ECONNREFUSED',
    )
  })

  test('that never answers is left when the user leaves', async () => {
    const leaving = new AbortController()
    const reason = new Error('interrupted')
    const silent: Manner = () => {
      leaving.abort(reason)
      return { status: 102 }
    }
    const { host } = await artifactRegistry(silent)
    await expect(findArtifact(`${host}/x`, { env: {}, home: '/nowhere', signal: leaving.signal })).rejects.toBe(reason)
  })
})
