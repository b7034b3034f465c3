import { createHash } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { type Field, message, read } from '../../../../src/base/protobuf.ts'
import { CONTENT } from '../../../../src/engine/docker/buildkit/content.ts'
import { serve } from '../../../../src/engine/docker/buildkit/grpc.ts'
import { ociLayout } from '../../../../src/local/build/oci-layout.ts'
import { aFolder } from '../../../kit/folder.ts'
import { aConnection, buildkitSide } from './buildkit-side.ts'

const digestOf = (text: string | Buffer) => `sha256:${createHash('sha256').update(text).digest('hex')}`
const [STAT, WRITE, COMMIT] = [0, 1, 2]

/** BuildKit's side of a build with one store, "local:cache-to-0". */
async function aStore() {
  const store = ociLayout(aFolder())
  const [ours, theirs] = await aConnection()
  const { close } = serve(ours, asked => CONTENT[asked.path]!(asked, { 'local:cache-to-0': store }))
  onTestFinished(close)
  const open = buildkitSide(theirs)
  return async (method: string, requests: readonly Field[][], id = 'local:cache-to-0') => {
    const call = open(`/containerd.services.content.v1.Content/${method}`, { 'buildkit-attachable-store-id': id })
    for (const request of requests) call.send(message(request))
    call.end()
    const answers = []
    for await (const answer of call.messages) answers.push(read(answer))
    return { answers, status: (await call.ended)[0] }
  }
}

const written = (text: string): Field[][] => [
  [
    [1, STAT],
    [2, 'a ref'],
    [3, text.length],
    [4, digestOf(text)],
  ],
  [
    [1, WRITE],
    [6, Buffer.from(text.slice(0, 3))],
  ],
  [
    [1, WRITE],
    [5, 3],
    [6, Buffer.from(text.slice(3))],
  ],
  [
    [1, COMMIT],
    [5, text.length],
    [3, text.length],
    [4, digestOf(text)],
  ],
]

test('what is written is there by its digest, in parts of any size', async () => {
  const ask = await aStore()
  const { answers, status } = await ask('Write', written('content'))
  expect(status).toBe('0')
  expect(answers.map(answer => answer.number(4))).toEqual([0, 3, 7, 7])
  expect(answers.at(-1)!.text(6)).toBe(digestOf('content'))
  const info = await ask('Info', [[[1, digestOf('content')]]])
  expect(read(info.answers[0]!.bytes(1)).number(2)).toBe(7)
  const part = await ask('Read', [
    [
      [1, digestOf('content')],
      [2, 3],
      [3, 2],
    ],
  ])
  expect(part.answers.map(answer => [answer.number(1), answer.text(2)])).toEqual([[3, 'te']])
})

test('a large content comes in pieces, each with its place', async () => {
  const ask = await aStore()
  const large = 'x'.repeat(200_000)
  await ask('Write', written(large))
  const { answers } = await ask('Read', [[[1, digestOf(large)]]])
  expect(answers.map(answer => answer.number(1))).toEqual([0, 65_536, 131_072, 196_608])
  expect(Buffer.concat(answers.map(answer => answer.bytes(2))).toString()).toBe(large)
})

test('what is there already is not written again', async () => {
  const ask = await aStore()
  await ask('Write', written('content'))
  expect(await ask('Write', written('content').slice(0, 1))).toEqual({ answers: [], status: '6' })
})

test('what is not what it should be is refused, and not kept', async () => {
  const ask = await aStore()
  const [begin, first, , commit] = written('content')
  expect((await ask('Write', [begin!, first!, commit!])).status, 'too short').toBe('9')
  expect((await ask('Write', [begin!, first!, first!])).status, 'at a place that it had').toBe('11')
  const other = [[1, WRITE] as Field, [6, Buffer.from('CONTENT')] as Field]
  expect((await ask('Write', [begin!, other, commit!])).status, 'of another digest').toBe('9')
  expect((await ask('Info', [[[1, digestOf('content')]]])).status).toBe('5')
})

test('stores that were not offered and writes that were broken off are not there', async () => {
  const ask = await aStore()
  expect((await ask('Info', [[[1, digestOf('x')]]], 'local:/etc')).status).toBe('5')
  expect((await ask('Status', [[[1, 'a ref']]])).status).toBe('5')
  expect((await ask('ListStatuses', [[]])).status).toBe('0')
})
