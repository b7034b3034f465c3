import { Readable, Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { answerTo } from '../../src/cli/question.ts'

const stderr = () => new Writable({ write: (_chunk, _encoding, done) => done() })
const answer = (stdin: Readable, signal = new AbortController().signal) =>
  answerTo('Remove them? ', { stdin, stderr: stderr() }, signal)

test('an answer is one line, without the blanks around it', async () => {
  expect(await answer(Readable.from([' y \nn\n']))).toBe('y')
})

test('an answer may come without a line end, as from printf', async () => {
  expect(await answer(Readable.from(['yes']))).toBe('yes')
})

test('an input that ends, or has been read already, answers nothing', async () => {
  expect(await answer(Readable.from([]))).toBe('')
  const read = Readable.from(['services: {}\n'])
  for await (const _ of read);
  expect(await answer(read)).toBe('')
})

test('nobody waits for an answer any more once interrupted', async () => {
  const interrupt = new AbortController()
  const waiting = answer(new Readable({ read() {} }), interrupt.signal)
  interrupt.abort(new Error('interrupted'))
  await expect(waiting).rejects.toThrow('interrupted')
})
