import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cachesOf, parsedCache, presentCaches } from '../../../src/local/build/cache.ts'
import type { Problem } from '../../../src/text/problem.ts'
import { aFolder } from '../../kit/folder.ts'

test('a cache is a reference, or settings with commas between', () => {
  const registry = (ref: string) => ({ type: 'registry', attributes: { ref } })
  expect(parsedCache('example.com/shop:cache')).toEqual(registry('example.com/shop:cache'))
  expect(parsedCache('type=registry,ref=x')).toEqual(registry('x'))
  expect(parsedCache('type=s3,"prefix=a,b"')).toEqual({ type: 's3', attributes: { prefix: 'a,b' } })
  expect(parsedCache('type=registry,mode')).toContain('has "mode" where KEY=VALUE belongs')
  expect(parsedCache('ref=x,mode=max')).toContain('has no type')
})

test('what a runner of GitHub Actions hands on is given to its cache, and to no other', () => {
  const runner = { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_RESULTS_URL: 'https://r/', ACTIONS_CACHE_SERVICE_V2: 'True' }
  const second = { version: '2', token: 't', url_v2: 'https://r/', url: 'https://r/' }
  expect(cachesOf(['type=gha,mode=max', 'x'], runner)).toEqual([
    { type: 'gha', attributes: { ...second, mode: 'max' } },
    { type: 'registry', attributes: { ref: 'x' } },
  ])
  const first = { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_CACHE_URL: 'https://c/' }
  expect(cachesOf(['type=gha'], first)).toEqual([{ type: 'gha', attributes: { token: 't', url: 'https://c/' } }])
})

/** The caches, and what was said of those that were left out. */
async function present(texts: readonly string[], place: 'src' | 'dest', environment = {}) {
  const told: Problem[] = []
  const caches = await presentCaches(cachesOf(texts, environment), place, problem => void told.push(problem))
  return { caches, told: told.map(problem => problem.message) }
}

test('a cache that is not there yet is left out, and said', async () => {
  const folder = aFolder()
  expect(await present(['x', `type=local,src=${folder}`, 'type=gha'], 'src')).toEqual({
    caches: [{ type: 'registry', attributes: { ref: 'x' } }],
    told: [
      `the cache in "${folder}" is left out: there is none yet`,
      expect.stringContaining('the cache of type "gha" is left out'),
    ],
  })
})

test('a folder’s cache is what its index names by the tag', async () => {
  const manifest = (tag: string, digest: string) => ({
    digest,
    annotations: { 'org.opencontainers.image.ref.name': tag },
  })
  const folder = aFolder({
    'index.json': JSON.stringify({ manifests: [manifest('latest', 'sha256:1'), manifest('main', 'sha256:2')] }),
  })
  const digest = async (more: string) => {
    const { caches } = await present([`type=local,src=${folder}${more}`], 'src')
    return caches[0]?.attributes['digest']
  }
  expect(await digest('')).toBe('sha256:1')
  expect(await digest(',tag=main')).toBe('sha256:2')
  expect(await digest(',digest=sha256:3')).toBe('sha256:3')
})

test('a folder for a cache is made', async () => {
  const folder = join(aFolder(), 'a', 'b')
  const { caches } = await present([`type=local,dest=${folder}`], 'dest')
  expect(caches).toMatchObject([{ type: 'local', store: expect.anything() }])
  expect(existsSync(folder)).toBe(true)
})
