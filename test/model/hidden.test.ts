import { describe, expect, test } from 'vitest'
import { hidden, hiddenIn, withoutSecrets } from '../../src/model/hidden.ts'

const shown = (...lines: readonly string[]) => hidden({ text: lines.join('\n') }).split('\n')

describe('what a file hides when it is shown, with every column where it was', () => {
  test.each([
    ['DB_PASSWORD: hunter2', 'DB_PASSWORD: *******'],
    ['  "API_KEY": "hun ter"', '  "API_KEY": **** ****'],
    ['- DB_PASSWORD=hunter2', '- DB_PASSWORD=*******'],
    ['- "DB_PASSWORD=hunter2"', '- "DB_PASSWORD=********'],
    ['environment: {A: b, TOKEN: abc, C: d}', 'environment: {A: b, TOKEN: ***, C: d}'],
    ['{"TOKEN":"abc","C":"d"}', '{"TOKEN":*****,"C":"d"}'],
    ['DB_PASSWORD:hunter2', 'DB_PASSWORD:*******'],
    ['URL: postgres://me:hunter2@db/shop', 'URL: postgres://me:*******@db/shop'],
    ['command: serve --token abc --port 80', 'command: serve --token *** --port 80'],
    ['TOKENS: [abc, "d e"]', 'TOKENS: ***** ** ***'],
    ['args: {NPM_TOKEN: [abc], A: b}', 'args: {NPM_TOKEN: *****, A: b}'],
    ['DB_PASSWORD: ${DB_PASSWORD:?set it}', 'DB_PASSWORD: ${DB_PASSWORD:?set it}'],
    ['command: serve ${DB_PASSWORD:-hunter2}', 'command: serve ${DB_PASSWORD:-*******}'],
    ['DB_PASSWORD: ${DB_PASSWORD:-hunter2}', 'DB_PASSWORD: ${DB_PASSWORD:-********'],
  ])('%s', (line, expected) => expect(shown(line)).toEqual([expected]))
})

describe('what it does not hide', () => {
  test.each([
    'image: nginx',
    'secrets: [db_password]',
    '- db_secret:/run/x',
    '- source: db_password',
    'secrets: {api_key: {file: ./key}}',
    'environment: {A: b}',
  ])('%s', line => expect(shown(line)).toEqual([line]))
})

test('a text on several lines is hidden to its end', () => {
  expect(shown('  PRIVATE_KEY: |', '    abc', '', '    d: e', '  A: b')).toEqual([
    '  PRIVATE_KEY: *',
    '    ***',
    '',
    '    ** *',
    '  A: b',
  ])
  expect(shown('PASSWORD:', '  hunter2', 'A: b')).toEqual(['PASSWORD:', '  *******', 'A: b'])
})

test('a list is hidden item by item', () => {
  expect(shown('TOKENS:', '  - abc', '  - "d e"', 'A: b')).toEqual(['TOKENS:', '  - ***', '  - ** **', 'A: b'])
  expect(shown('TOKENS:', '- abc', 'A: b')).toEqual(['TOKENS:', '- ***', 'A: b'])
  expect(shown('keys:', '  - name: a', '    id: 1')).toEqual(['keys:', '  - name: a', '    id: 1'])
})

test('a service that is named like a secret is shown', () => {
  const lines = ['  auth:', '    image: x', '    command: |', '      serve']
  expect(shown(...lines)).toEqual(lines)
})

test('a sentence quotes nothing that its place hides', () => {
  const text = 'PASSWORD: "hunter2"'
  expect(withoutSecrets('"hunter2" is no number: hunter2', hiddenIn({ text }, 10, 19))).toBe(
    '"********" is no number: ********',
  )
  expect(withoutSecrets('a port "a"', ['a'])).toBe('a port "********"')
})

test.each(['a', '-', 'a.', 'a-b', 'a://', 'a: '])(
  'a line of a hundred thousand times "%s" is looked through once',
  text => {
    expect(hidden({ text: text.repeat(100_000) })).toBe(text.repeat(100_000))
  },
)
