import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { BlobRange } from '../../../src/engine/build.ts'
import { layoutDigest, layoutImage, ociLayout } from '../../../src/local/build/oci-layout.ts'
import { aFolder } from '../../kit/folder.ts'

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

async function added(root: string, text: string, expected?: string): Promise<string | undefined> {
  const draft = await ociLayout(root).add()
  try {
    for (const letter of text) await draft.write(Buffer.from(letter))
    return await draft.keep(expected)
  } finally {
    await draft.close()
  }
}

async function textOf(root: string, digest: string, range: BlobRange = { offset: 0 }): Promise<string> {
  let text = ''
  for await (const bytes of ociLayout(root).read(digest, range, Buffer.alloc(2))) text += Buffer.from(bytes).toString()
  return text
}

test('what was added is found by its digest, whole or in part', async () => {
  const root = aFolder()
  const digest = (await added(root, 'content', digestOf('content')))!
  expect(digest).toBe(digestOf('content'))
  expect(await ociLayout(root).size(digest)).toBe(7)
  expect(await textOf(root, digest)).toBe('content')
  expect(await textOf(root, digest, { offset: 3 })).toBe('tent')
  expect(await textOf(root, digest, { offset: 1, length: 3 })).toBe('ont')
})

test('what is not whole, or not what was expected, is never seen, and nothing is left of it', async () => {
  const root = aFolder()
  const draft = await ociLayout(root).add()
  await draft.write(Buffer.from('cont'))
  expect(existsSync(join(root, 'blobs'))).toBe(false)
  await draft.close()
  expect(await added(root, 'content', digestOf('other'))).toBeUndefined()
  expect(await ociLayout(root).size(digestOf('content'))).toBeUndefined()
  expect(readdirSync(join(root, 'ingest'))).toEqual([])
})

test('what is no digest leads nowhere, in the folder or out of it', async () => {
  const root = aFolder({ 'a/secret': 'hunter2', 'b/index.json': '{"manifests":[]}' })
  for (const digest of ['../../a/secret', 'sha256:../../../a/secret', 'index.json', ''])
    expect(await ociLayout(join(root, 'b')).size(digest)).toBeUndefined()
})

test('a tag is taken over, and what others have stays as it is', () => {
  const root = aFolder({
    'index.json': JSON.stringify({
      schemaVersion: 2,
      manifests: [
        { digest: 'sha256:1', annotations: { 'org.opencontainers.image.ref.name': 'latest' } },
        { digest: 'sha256:2', annotations: { 'org.opencontainers.image.ref.name': 'main' } },
      ],
      annotations: { kept: 'yes' },
    }),
  })
  ociLayout(root).tag({ digest: 'sha256:3', size: 5 }, 'latest')
  expect(['latest', 'main', 'other'].map(tag => layoutDigest(root, tag))).toEqual(['sha256:3', 'sha256:2', undefined])
  const index = JSON.parse(readFileSync(join(root, 'index.json'), 'utf8')) as object
  expect(index).toMatchObject({ schemaVersion: 2, annotations: { kept: 'yes' } })
  expect(readdirSync(root).toSorted()).toEqual(['index.json', 'oci-layout'])
})

test('an image of a layout is named by tag or digest, or is the only one', () => {
  const one = { digest: 'sha256:1', annotations: { 'org.opencontainers.image.ref.name': '1.36' } }
  const two = { digest: 'sha256:2', annotations: { 'org.opencontainers.image.ref.name': 'main' } }
  const root = aFolder({
    'only/index.json': JSON.stringify({ manifests: [one] }),
    'two/index.json': JSON.stringify({ manifests: [one, two] }),
    'bad/index.json': 'x',
  })
  const image = (text: string) => layoutImage(`oci-layout://${root}/${text}`).digest
  expect(image('only')).toBe('sha256:1')
  expect(image('two:main')).toBe('sha256:2')
  expect(image('two@sha256:9')).toBe('sha256:9')
  expect(() => image('two')).toThrow('has no image "latest"')
  expect(() => image('none')).toThrow('is no OCI layout: it has no index.json')
  expect(() => image('bad')).toThrow('is not the index of an OCI layout')
})
