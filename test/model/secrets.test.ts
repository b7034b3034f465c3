import { describe, expect, test } from 'vitest'
import { looksSecret, shown } from '../../src/model/secrets.ts'

describe('names that look secret', () => {
  test.each([
    'DB_PASSWORD',
    'password',
    'PGPASSFILE_PASSPHRASE',
    'SECRET',
    'API_KEY',
    'apikey',
    'STRIPE_KEY',
    'GITHUB_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'credentials',
    'SESSION_COOKIE',
    'private_key',
    'SENTRY_DSN',
    'auth',
  ])('%s', name => expect(looksSecret(name)).toBe(true))
})

describe('names that do not', () => {
  test.each(['LOG_LEVEL', 'PWD', 'KEYBOARD', 'MONKEY', 'AUTHOR', 'PINNED', 'PATH', 'image', 'command'])('%s', name =>
    expect(looksSecret(name)).toBe(false),
  )
})

test('a value under a secret name is masked whole, an empty one is told as it is', () => {
  expect(shown('TOKEN', 'abc')).toBe('********')
  expect(shown('TOKEN', '')).toBe('')
})

test('a password in a URL is masked under any name', () => {
  expect(shown('URL', 'postgres://me:pw@db:5432/shop')).toBe('postgres://me:********@db:5432/shop')
  expect(shown('URL', 'redis://:pw@cache')).toBe('redis://:********@cache')
})

test('an option that looks secret is masked in a command', () => {
  expect(shown('command', 'serve --db-password=pw --port 80')).toBe('serve --db-password=******** --port 80')
  expect(shown('command', 'serve --token abc')).toBe('serve --token ********')
})

test.each(['a', '-', 'a.', 'a-b', 'a://', 'a:'])(
  'a value of a hundred thousand times "%s" is looked through once',
  text => {
    expect(shown('A', text.repeat(100_000))).toBe(text.repeat(100_000))
  },
)
