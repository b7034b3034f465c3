import { expect, test } from 'vitest'
import { detachKeys, untilKeys } from '../../src/cli/detach-keys.ts'
import { aFolder } from '../kit/folder.ts'

test.each([
  [undefined, [16, 17]],
  ['ctrl-x,y', [24, 121]],
  ['ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_', [0, 27, 28, 29, 30, 31]],
])('%s', async (text, bytes) => {
  expect([...(await detachKeys(text, { env: {} })).bytes]).toEqual(bytes)
})

test('docker’s configuration says which, where no flag does', async () => {
  const env = { DOCKER_CONFIG: aFolder({ 'config.json': '{"detachKeys":"ctrl-d"}' }) }
  expect((await detachKeys(undefined, { env })).text).toBe('ctrl-d')
  expect((await detachKeys('ctrl-e', { env })).text).toBe('ctrl-e')
  const broken = { DOCKER_CONFIG: aFolder({ 'config.json': '{' }) }
  expect((await detachKeys(undefined, { env: broken })).text).toBe('ctrl-p,ctrl-q')
})

test.each(['ctrl-', 'ctrl-1', 'ab', 'ctrl-p,', 'strg-p'])('"%s" is no list of keys', async text => {
  await expect(detachKeys(text, { env: {} })).rejects.toThrow(`invalid detach keys (${text}) provided`)
})

/** What is handed on of what is typed in pieces, and whether the keys came: "*" at the end. */
async function typed(...pieces: string[]): Promise<string> {
  let out = ''
  let detached = ''
  const keys = Buffer.from('pq')
  async function* typing() {
    for (const piece of pieces) yield Buffer.from(piece)
  }
  for await (const bytes of untilKeys(typing(), keys, () => (detached = '*'))) out += Buffer.from(bytes).toString()
  return out + detached
}

test.each([
  [['hello'], 'hello'],
  [['apq', 'after'], 'a*'],
  [['a', 'p', 'q', 'after'], 'a*'],
  [['p', 'x'], 'px'],
  [['ppq'], 'p*'],
  [['p', 'p', 'x'], 'ppx'],
  [['q'], 'q'],
  [['p'], 'p'],
])('of %j goes on "%s"', async (pieces, expected) => {
  expect(await typed(...pieces)).toBe(expected)
})
