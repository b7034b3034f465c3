import { describe, expect, test } from 'vitest'
import { imageDigest } from '../../src/registry/image-digest.ts'
import { artifactRegistry, type Manner } from '../kit/artifact-registry.ts'
import { artifact } from '../kit/compose-artifact.ts'

const options = { env: {}, home: '/nowhere' }
const image = artifact(['a: 1'])

async function registry(manner?: Manner) {
  const made = await artifactRegistry(manner)
  made.publish('1', image)
  return made
}

const telling: Manner = ({ method, url }) =>
  method === 'HEAD' && url !== '/v2/'
    ? { status: 200, headers: { 'docker-content-digest': image.manifest.digest } }
    : undefined

describe('the digest of an image', () => {
  test('is told without its manifest being fetched', async () => {
    const { host, requests } = await registry(telling)
    expect(await imageDigest(`${host}/shop:1`, options)).toBe(image.manifest.digest)
    expect(requests.at(-1)).toBe('HEAD /v2/shop/manifests/1')
  })

  test('is taken of the manifest where the registry does not tell it', async () => {
    const { host, requests } = await registry()
    expect(await imageDigest(`${host}/shop:1`, options)).toBe(image.manifest.digest)
    expect(requests.slice(-2)).toEqual(['HEAD /v2/shop/manifests/1', 'GET /v2/shop/manifests/1'])
  })

  test('stands in its name already, and nobody is asked', async () => {
    expect(await imageDigest(`127.0.0.1:1/shop:1@${image.manifest.digest}`, options)).toBe(image.manifest.digest)
  })

  test('is missing where the tag is', async () => {
    const { host } = await registry()
    await expect(imageDigest(`${host}/shop:2`, options)).rejects.toThrow(`"${host}/shop" has no "2"`)
  })
})
