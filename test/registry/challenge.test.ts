import { expect, test } from 'vitest'
import { challengeOf } from '../../src/registry/challenge.ts'

const bearer = (wanted: object) => ({ kind: 'bearer', wanted })

test.each([
  [undefined, undefined],
  ['Negotiate', undefined],
  ['Bearer service="x"', undefined],
  ['Basic realm="r"', { kind: 'basic' }],
  ['basic', { kind: 'basic' }],
  ['Bearer realm="https://a/token"', bearer({ realm: 'https://a/token' })],
  [
    'Bearer realm="https://a/token",service="r.example",scope="repository:a:pull,push"',
    bearer({ realm: 'https://a/token', service: 'r.example', scope: 'repository:a:pull,push' }),
  ],
  ['Basic realm="r", Bearer realm=https://a/t', bearer({ realm: 'https://a/t' })],
])('%s', (header, challenge) => expect(challengeOf(header)).toEqual(challenge))
