import { expect, test } from 'vitest'
import { fileHead } from '../../../src/actions/why/file-head.ts'
import { type TarEntry, tar } from '../../../src/base/tar.ts'

const script: TarEntry = { path: 'run.sh', type: 'file', mode: 0o755, uid: 1000, content: Buffer.from('#!/bin/sh\r\n') }

test('gives the owner and the first bytes of the file, byte by byte', async () => {
  expect(await fileHead(tar([script]))).toEqual({ uid: 1000, head: '#!/bin/sh\r\n' })
  const bytes = Buffer.from([0x7f, 0x45, 0xff, 0x00])
  expect((await fileHead(tar([{ ...script, content: bytes }]))).head).toBe('\x7fE\xff\0')
})

test('no more than was asked for, of a file that goes on', async () => {
  const long: TarEntry = { ...script, content: Buffer.alloc(100_000, 'a') }
  expect((await fileHead(tar([long]))).head).toHaveLength(4096)
  expect((await fileHead(tar([long]), 10)).head).toBe('a'.repeat(10))
})

test('a name too long for a plain header does not hide what follows it', async () => {
  expect((await fileHead(tar([{ ...script, path: `${'long/'.repeat(60)}run.sh` }]))).head).toBe('#!/bin/sh\r\n')
})

test('an empty file and an empty archive have no beginning', async () => {
  expect(await fileHead(tar([{ ...script, content: Buffer.alloc(0) }]))).toEqual({ uid: 1000, head: '' })
  expect(await fileHead(tar([]))).toEqual({ uid: 0, head: '' })
})

test('the rest of the archive is not read', async () => {
  let read = 0
  let closed = false
  async function* endless() {
    try {
      for await (const piece of tar([script])) yield piece.subarray(0, 1024)
      for (;;) {
        read++
        yield Buffer.alloc(65_536)
      }
    } finally {
      closed = true
    }
  }
  expect((await fileHead(endless())).head).toBe('#!/bin/sh\r\n')
  await new Promise(setImmediate)
  expect(read).toBeLessThan(10)
  expect(closed).toBe(true)
})

test('an archive that breaks off says so', async () => {
  async function* broken() {
    for await (const piece of tar([script])) yield piece.subarray(0, 512)
    throw new Error('cut')
  }
  await expect(fileHead(broken())).rejects.toThrow('cut')
})
