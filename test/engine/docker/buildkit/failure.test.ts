import { expect, test } from 'vitest'
import { type Field, message } from '../../../../src/base/protobuf.ts'
import { buildFailure } from '../../../../src/engine/docker/buildkit/failure.ts'
import { CallFailed, CODE } from '../../../../src/engine/docker/buildkit/grpc.ts'
import { position } from '../../../../src/text/source.ts'

const dockerfile = { filename: 'Dockerfile', text: 'FROM a\nRUN make \\\n  all\nCOPY b /\n' }
const failed = (message: string, step?: string, status?: Buffer) =>
  buildFailure(new CallFailed(CODE.unknown, message, status), { step, dockerfile }, undefined)

test.each([
  'process "/bin/sh -c make all" did not complete successfully: exit code: 2',
  'executor failed running [/bin/sh -c make all]: exit code: 2',
])('a command that ended badly is told in docker’s sentence of today, at its line: %s', words => {
  const error = failed(words, '[2/3] RUN make   all')
  const sentence = 'failed to solve: process "/bin/sh -c make all" did not complete successfully: exit code: 2'
  expect([error.reason, error.message]).toEqual(['failed', sentence])
  expect(position(error.at!).line).toBe(2)
})

test.each([
  'failed to compute cache key: failed to calculate checksum of ref a::b: "/b": not found',
  'failed to compute cache key: "/b" not found: not found',
])('a file that is not in the context, with what to look for: %s', words => {
  const error = failed(words, '[3/3] COPY b /')
  expect([error.message, error.hint]).toEqual([
    '"b" is not in the build context',
    'it is not there, or .dockerignore leaves it out',
  ])
  expect(position(error.at!).line).toBe(4)
})

test('a Dockerfile that cannot be read is told at its line, without where BuildKit was', () => {
  const words =
    'failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 3: unknown instruction: RUNX'
  const error = failed(words)
  expect(error.message).toBe('unknown instruction: RUNX')
  expect(position(error.at!).line).toBe(3)
})

test('the place that the engine names wins over one that is guessed', () => {
  const source = {
    info: { filename: 'Dockerfile', data: Buffer.from('A\nB').toString('base64') },
    ranges: [{ start: { line: 2 } }],
  }
  const any: Field[] = [
    [1, 'github.com/moby/buildkit/errdefs.Source+json'],
    [2, JSON.stringify(source)],
  ]
  const error = failed('it broke', '[2/3] RUN make all', message([[3, message(any)]]))
  expect([error.at?.source.text, position(error.at!).line]).toEqual(['A\nB', 2])
})

test('what a registry refuses is denied, with the hint to log in', () => {
  const error = failed('pull access denied, repository does not exist or may require authorization')
  expect([error.reason, error.hint]).toEqual(['denied', 'check the image\'s name, or log in with "docker login"'])
})

test('a build that was taken back is cancelled, whatever it says', () => {
  const signal = AbortSignal.abort(new Error('interrupted'))
  expect(buildFailure(new CallFailed(CODE.unknown, 'x'), {}, signal).reason).toBe('cancelled')
  expect(buildFailure(new CallFailed(CODE.cancelled, 'x'), {}, undefined).reason).toBe('cancelled')
})

test('a connection that breaks is told as such', () => {
  const error = Object.assign(new Error('cut'), { code: 'ECONNRESET' })
  expect(buildFailure(error, {}, undefined)).toMatchObject({
    reason: 'unreachable',
    message: 'cannot reach the container engine: the engine closed the connection (ECONNRESET)',
  })
})
