import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { dechunker } from '../../../src/engine/docker/chunked.ts'
import { gathered } from '../../../src/engine/docker/gathered.ts'

const turn = () => new Promise(setImmediate)
const text = ({ value }: IteratorResult<Uint8Array, void>) => value && Buffer.from(value).toString()

test('what came before somebody asked again is one piece', async () => {
  const socket = new PassThrough()
  const reading = gathered(socket)
  socket.write('one ')
  expect(text(await reading.next())).toBe('one ')
  socket.write('two ')
  await turn()
  socket.end('three')
  await turn()
  expect([text(await reading.next()), (await reading.next()).done]).toEqual(['two three', true])
})

test('nobody reads on without end while nobody asks', async () => {
  const socket = new PassThrough()
  const reading = gathered(socket)
  socket.write('begin')
  await reading.next()
  for (let i = 0; i < 100; i++) socket.write(Buffer.alloc(10_000))
  await turn()
  expect(socket.isPaused()).toBe(true)
  socket.end()
  let came = 0
  for await (const piece of reading) came += piece.length
  expect(came).toBe(1_000_000)
})

test('chunks that break off are given, then lost', async () => {
  const socket = new PassThrough()
  const reading = gathered(socket, { chunks: dechunker() })
  socket.end('2\r\nab\r\n')
  expect(text(await reading.next())).toBe('ab')
  await expect(reading.next()).rejects.toMatchObject({ code: 'ECONNRESET' })
})

test('a connection that fails is an error, and whoever stops reading ends it', async () => {
  const failing = new PassThrough()
  const reading = gathered(failing)
  failing.destroy(new Error('cut'))
  await expect(reading.next()).rejects.toThrow('cut')
  const left = new PassThrough()
  left.write('a')
  for await (const _ of gathered(left)) break
  expect(left.destroyed).toBe(true)
})
