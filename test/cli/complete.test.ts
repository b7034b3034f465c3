import { expect, test } from 'vitest'
import { complete } from '../../src/cli/complete.ts'

const services = async () => ['db', 'web', 'worker']
const texts = async (...words: string[]) => (await complete(words, services)).map(([text]) => text)

test('the first word is a command', async () => {
  expect(await texts('re')).toEqual(['restart'])
  expect(await texts('-f', 'compose.yaml', 'sto')).toEqual(['stop'])
})

test('after a command come its services', async () => {
  expect(await texts('logs', '--follow', 'w')).toEqual(['web', 'worker'])
  expect(await texts('version', '')).toEqual([])
})

test('flags are those of the command and those of all commands', async () => {
  expect(await texts('up', '--no-re')).toEqual(['--no-recreate'])
  expect(await texts('up', '--proj')).toEqual(['--project-directory', '--project-name'])
})

test('what is refused is not offered', async () => {
  expect(await texts('up', '--watch')).toEqual([])
})

test('after a flag come the words that it takes', async () => {
  expect(await texts('up', '--pull', 'a')).toEqual(['always'])
  expect(await texts('--progress', '')).toEqual(['auto', 'tty', 'plain', 'json', 'quiet'])
})

test('after the service of exec comes a command that nobody here knows', async () => {
  expect(await texts('exec', 'w')).toEqual(['web', 'worker'])
  expect(await texts('exec', 'web', 'w')).toEqual([])
})
