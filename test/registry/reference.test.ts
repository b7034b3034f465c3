import { describe, expect, test } from 'vitest'
import { fullName, isLoopback, parseReference } from '../../src/registry/reference.ts'

const digest = `sha256:${'0'.repeat(64)}`

describe('a reference', () => {
  test.each([
    ['shop', 'registry-1.docker.io', 'library/shop', 'latest'],
    ['me/shop:1', 'registry-1.docker.io', 'me/shop', '1'],
    ['docker.io/me/shop', 'registry-1.docker.io', 'me/shop', 'latest'],
    ['docker.io/shop', 'registry-1.docker.io', 'library/shop', 'latest'],
    ['r.example/shop', 'r.example', 'shop', 'latest'],
    ['r.example:5000/a/b-c/d__e:1.0_x', 'r.example:5000', 'a/b-c/d__e', '1.0_x'],
    ['localhost/shop', 'localhost', 'shop', 'latest'],
    ['[::1]:5000/shop:1', '[::1]:5000', 'shop', '1'],
    [`r.example/shop:1@${digest}`, 'r.example', 'shop', digest],
  ])('%s', (text, host, repository, version) => expect(parseReference(text)).toEqual({ host, repository, version }))

  test.each([
    '',
    'Shop',
    'r.example/',
    'r.example/a//b',
    'r.example/../x',
    'r.example/a:',
    'a@sha256:1',
    'r.example/a?b',
    'me:pw@r.example/a',
  ])('"%s" is none', text => expect(() => parseReference(text)).toThrow('names nothing in a registry'))
})

test.each([
  ['localhost', true],
  ['127.0.0.1:5000', true],
  ['[::1]:5000', true],
  ['127.0.0.1.example.com', false],
  ['localhost.example.com:80', false],
  ['10.0.0.1', false],
])('%s is this machine: %s', (host, is) => expect(isLoopback(host)).toBe(is))

test.each([
  ['busybox', 'docker.io/library/busybox:latest'],
  ['docker.io/me/web:1', 'docker.io/me/web:1'],
  ['localhost:5000/web', 'localhost:5000/web:latest'],
  [`r.example/web:1@sha256:${'a'.repeat(64)}`, `r.example/web@sha256:${'a'.repeat(64)}`],
])('%s is %s in full', (image, full) => expect(fullName(image)).toBe(full))
