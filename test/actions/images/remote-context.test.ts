import { mkdirSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { contextFetcher } from '../../../src/actions/images/remote-context.ts'
import { type FetchedContext, fetchedContext } from '../../../src/local/build/context.ts'
import { aFolder } from '../../kit/folder.ts'

const signal = new AbortController().signal

/** What is fetched from an address of a server that answers with this. */
async function fetched(body: Buffer | undefined): Promise<FetchedContext> {
  const server = createServer((_, answer) => answer.writeHead(body ? 200 : 404).end(body))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return contextFetcher({})(`http://127.0.0.1:${(server.address() as AddressInfo).port}/context`, { signal })
}

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(pieces))
}

test('an archive is handed on as it comes, packed or not', async () => {
  const plain = Buffer.alloc(1024, 'x')
  plain.write('ustar', 257)
  for (const archive of [plain, gzipSync('whatever')]) {
    const context = await fetched(archive)
    expect(context.kind).toBe('archive')
    const { tar, dockerfile } = await fetchedContext({ dockerfile: 'sub/Dockerfile' }, context)
    expect(dockerfile).toBe('sub/Dockerfile')
    expect((await bytesOf(tar)).equals(archive)).toBe(true)
  }
})

test('what is no archive is the Dockerfile itself', async () => {
  const context = await fetched(Buffer.from('FROM busybox\n'))
  expect(context).toEqual({ kind: 'dockerfile', text: 'FROM busybox\n' })
  const { tar, dockerfile } = await fetchedContext({ dockerfile: 'Dockerfile' }, context)
  expect((await bytesOf(tar)).includes(dockerfile)).toBe(true)
})

test('what is not there is told with its address', async () => {
  await expect(fetched(undefined)).rejects.toThrow(/"http:\/\/127.0.0.1:\d+\/context" cannot be fetched: HTTP 404/)
  const nowhere = contextFetcher({})('http://me:hunter2@127.0.0.1:9/x.tgz', { signal })
  await expect(nowhere).rejects.toThrow('"http://127.0.0.1:9/x.tgz" cannot be fetched')
})

test('the Dockerfile of a repository lies in it, and is no link that leads out of it', async () => {
  const outside = aFolder({ secret: 'FROM hunter2' })
  const folder = aFolder({ 'sub/Dockerfile': 'FROM busybox' })
  mkdirSync(join(folder, 'linked'))
  symlinkSync(join(outside, 'secret'), join(folder, 'linked/Dockerfile'))
  const context: FetchedContext = { kind: 'folder', folder }
  expect((await fetchedContext({ dockerfile: 'sub/Dockerfile' }, context)).dockerfile).toBe('sub/Dockerfile')
  for (const dockerfile of ['linked/Dockerfile', '../secret', 'Dockerfile'])
    await expect(fetchedContext({ dockerfile }, context)).rejects.toThrow(
      `the Dockerfile "${dockerfile}" does not exist`,
    )
})
