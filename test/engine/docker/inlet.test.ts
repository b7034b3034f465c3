import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { gathered } from '../../../src/engine/docker/gathered.ts'
import { inlet } from '../../../src/engine/docker/inlet.ts'
import { aFolder } from '../../kit/folder.ts'

/** Both ends of a connection. */
async function connected() {
  const path = join(aFolder(), 'socket')
  const server = createServer().listen(path)
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const through = inlet()
  const met = once(server, 'connection')
  const ours = through.connect({ path })
  const [theirs] = (await met) as [Socket]
  return { through, ours, theirs }
}

test('what comes before the bytes have a taker is an event, as node:http waits for it', async () => {
  const { through, ours, theirs } = await connected()
  const first = once(ours, 'data')
  theirs.write('head')
  expect(String((await first)[0])).toBe('head')
  const rest = gathered(ours, { through })
  theirs.end('body')
  expect(Buffer.concat(await Array.fromAsync(rest)).toString()).toBe('body')
})

test('pieces stay what they were while others are read into the same place', async () => {
  const all = await Promise.all(
    ['a', 'b', 'c'].map(async letter => {
      const { through, ours, theirs } = await connected()
      const pieces = gathered(ours, { through })
      theirs.end(letter.repeat(1_000_000))
      return [letter, Buffer.concat(await Array.fromAsync(pieces)).toString()]
    }),
  )
  for (const [letter = '', text] of all) expect(text).toBe(letter.repeat(1_000_000))
})

test('nobody reads on while nobody asks, and all is there in the end', async () => {
  const { through, ours, theirs } = await connected()
  const pieces = gathered(ours, { through })
  const size = 16 << 20
  theirs.end(Buffer.alloc(size, 'x'))
  const first = (await pieces.next()).value as Uint8Array
  await vi.waitUntil(() => ours.isPaused(), { timeout: 20_000 })
  // What no reader takes stays with the writer.
  expect(theirs.writableLength).toBeGreaterThan(0)
  let came = first.length
  for await (const piece of pieces) came += piece.length
  expect(came).toBe(size)
})
