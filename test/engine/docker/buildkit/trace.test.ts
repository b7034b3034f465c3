import { expect, test } from 'vitest'
import { type Field, message, read } from '../../../../src/base/protobuf.ts'
import type { BuildTold } from '../../../../src/engine/build.ts'
import { tracer } from '../../../../src/engine/docker/buildkit/trace.ts'

const at = (seconds: number, nanos = 0) =>
  message([
    [1, seconds],
    [2, nanos],
  ])

/** What is told of status messages, each a list of fields. */
function told(...statuses: Field[][]): BuildTold[] {
  const all: BuildTold[] = []
  const tell = tracer(one => all.push(one))
  for (const fields of statuses) tell(read(message(fields)))
  return all
}

const vertex = (...fields: Field[]): Field => [1, message([[1, 'id'], [3, '[2/3] RUN make'], ...fields])]

test('a step begins and ends, each told once however often it is repeated', () => {
  const began = vertex([5, at(10)])
  const ended = vertex([5, at(10)], [6, at(11, 500_000_000)])
  expect(told([vertex()], [began], [began], [ended, ended])).toEqual([
    { kind: 'vertex', id: 'id', name: '[2/3] RUN make', state: 'started' },
    { kind: 'vertex', id: 'id', name: '[2/3] RUN make', state: 'done', elapsed: 1500 },
  ])
})

test('a step that was done before is cached, one that fails says why, and one that is ended by another’s failure is cancelled', () => {
  const times: Field[] = [
    [5, at(1)],
    [6, at(1)],
  ]
  const states = told(
    [vertex([4, true], ...times)],
    [vertex([7, 'exit code: 2'], ...times)],
    [vertex([7, 'rpc error: context canceled'], ...times)],
  )
  expect(states).toMatchObject([
    { state: 'cached' },
    { state: 'failed', error: 'exit code: 2' },
    { state: 'cancelled' },
  ])
})

test('a step that is named by the address of its source does not tell the password in it', () => {
  const steps = told([
    [
      1,
      message([
        [1, 'id'],
        [3, '[internal] load git source https://me:s3cret@h/x.git'],
        [5, at(1)],
        [6, at(1)],
        [7, 'failed to fetch remote https://me:s3cret@h/x.git'],
      ]),
    ],
  ])
  expect(steps).toMatchObject([
    { name: '[internal] load git source https://h/x.git', error: 'failed to fetch remote https://h/x.git' },
  ])
})

test('what a step prints may be cut within a character', () => {
  const [first, second] = [Buffer.from('größ').subarray(0, 3), Buffer.from('größ').subarray(3)]
  const log = (bytes: Uint8Array): Field => [
    3,
    message([
      [1, 'id'],
      [4, bytes],
    ]),
  ]
  expect(told([log(first)], [log(second)])).toEqual([
    { kind: 'output', id: 'id', text: 'gr' },
    { kind: 'output', id: 'id', text: 'öß' },
  ])
})

test('how far a transfer is, is told when it has changed', () => {
  const amount = (current: number, ...fields: Field[]): Field => [
    2,
    message([[1, 'transferring context:'], [2, 'id'], [4, current], ...fields]),
  ]
  expect(told([amount(5)], [amount(5)], [amount(9, [5, 10])], [amount(9, [5, 10], [8, at(1)])])).toEqual([
    { kind: 'amount', id: 'id', what: 'transferring context:', current: 5, done: false },
    { kind: 'amount', id: 'id', what: 'transferring context:', current: 9, total: 10, done: false },
    { kind: 'amount', id: 'id', what: 'transferring context:', current: 9, total: 10, done: true },
  ])
})

test('what a Dockerfile’s checks find has its line', () => {
  const info = message([
    [1, 'Dockerfile'],
    [2, 'FROM a as b\n'],
  ])
  const range = message([[1, message([[1, 1]])]])
  const warning = message([
    [3, 'FromAsCasing'],
    [5, 'https://docs/rule'],
    [6, info],
    [7, range],
  ])
  expect(told([[4, warning]])).toEqual([
    {
      kind: 'warning',
      message: 'FromAsCasing',
      url: 'https://docs/rule',
      at: { source: { name: 'Dockerfile', text: 'FROM a as b\n' }, start: 0, end: 11 },
    },
  ])
})
