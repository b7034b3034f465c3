import { expect, test } from 'vitest'
import { publishedPlatforms } from '../../src/registry/platforms.ts'
import { artifactRegistry } from '../kit/artifact-registry.ts'

/** What a registry tells of an image whose manifest, and other contents, are these. */
async function platforms(manifest: object | string, blobs: Readonly<Record<string, object>> = {}) {
  const { host } = await artifactRegistry(({ url = '' }) => {
    const found = url.includes('/manifests/1') ? manifest : blobs[url.slice(url.lastIndexOf('/') + 1)]
    return found === undefined
      ? undefined
      : { status: 200, body: typeof found === 'string' ? found : JSON.stringify(found) }
  })
  return publishedPlatforms(`${host}/shop:1`, { env: {}, home: '/nowhere' })
}

test('an index names the platforms, and attestations are none', async () => {
  const manifests = [
    { platform: { os: 'linux', architecture: 'amd64' } },
    { platform: { os: 'linux', architecture: 'arm', variant: 'v7' } },
    { platform: { os: 'unknown', architecture: 'unknown' } },
  ]
  expect(await platforms({ manifests })).toEqual(['linux/amd64', 'linux/arm/v7'])
})

test('an image of one platform tells it in its configuration', async () => {
  const digest = `sha256:${'0'.repeat(64)}`
  const blobs = { [digest]: { os: 'linux', architecture: 'arm64' } }
  expect(await platforms({ config: { digest } }, blobs)).toEqual(['linux/arm64'])
  expect(await platforms({ config: { digest } }, { [digest]: {} })).toEqual([])
})

test('what is no manifest tells none, and what is not there is told', async () => {
  expect(await platforms('<html>')).toEqual([])
  await expect(platforms({ config: { digest: `sha256:${'1'.repeat(64)}` } })).rejects.toThrow('has no blob')
})
