import { expect, test } from 'vitest'
import { copy } from '../../../src/actions/copy/copy.ts'
import { fakeEngine } from '../../kit/fake-engine.ts'

async function refusal(from: string, to: string): Promise<string> {
  const { engine } = fakeEngine()
  const notAsked = () => Promise.reject(new Error('asked'))
  const options = {
    engine: { ...engine, getArchive: notAsked, putArchive: notAsked, statPath: notAsked },
    emit: () => {},
    signal: new AbortController().signal,
    cwd: '/here',
    stdin: () => (async function* () {})(),
    stdout: () => {},
  }
  return copy('shop', from, to, options).then(
    () => 'copied',
    (error: Error) => error.message,
  )
}

test.each([
  ['web:/etc/hosts', '.', 'no container found for service "web"'],
  ['./web:odd', 'web:', 'no container found for service "web"'],
  ['web:/a', 'db:/a', 'copying between services is not supported'],
  ['/web:/a', './db:/a', 'unknown copy direction'],
  [':/a', 'b', 'unknown copy direction'],
])('from "%s" to "%s": %s', async (from, to, message) => expect(await refusal(from, to)).toBe(message))

test('a service of one letter is no drive, but on Windows', async () => {
  const windows = process.platform === 'win32'
  expect(await refusal('a:/etc/hosts', 'here')).toBe(
    windows ? 'unknown copy direction' : 'no container found for service "a"',
  )
})
