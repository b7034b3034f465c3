import { expect, test } from 'vitest'
import { EngineError } from '../../src/engine/errors.ts'
import { parsePlace } from '../../src/engine/place.ts'

const tls = { ca: 'CA', verify: true }

test.each([
  ['unix:///run/docker.sock', { kind: 'socket', path: '/run/docker.sock' }],
  ['npipe:////./pipe/docker_engine', { kind: 'socket', path: '\\\\.\\pipe\\docker_engine' }],
  ['tcp://10.0.0.1:2375', { kind: 'tcp', host: '10.0.0.1', port: 2375, base: '' }],
  ['tcp://engine', { kind: 'tcp', host: 'engine', port: 2375, base: '' }],
  ['tcp://engine:80/behind/a/proxy/', { kind: 'tcp', host: 'engine', port: 80, base: '/behind/a/proxy' }],
  ['tcp://[::1]:2375', { kind: 'tcp', host: '::1', port: 2375, base: '' }],
  ['http://engine', { kind: 'tcp', host: 'engine', port: 80, base: '' }],
  ['https://engine', { kind: 'tcp', host: 'engine', port: 443, base: '', tls: { verify: true } }],
  ['ssh://me@far', { kind: 'ssh', destination: 'me@far' }],
  ['ssh://far:2222', { kind: 'ssh', destination: 'far', port: 2222 }],
  ['ssh://me@far/run/other.sock', { kind: 'ssh', destination: 'me@far', path: '/run/other.sock' }],
])('%s', (host, place) => expect(parsePlace(host)).toEqual(place))

test('with TLS, tcp has the port that is registered for it', () => {
  expect(parsePlace('tcp://engine', tls)).toEqual({ kind: 'tcp', host: 'engine', port: 2376, base: '', tls })
})

test.each([
  'unix://',
  'tcp://',
  'tcp://a b',
  'ftp://engine',
  'engine',
  'ssh://',
  'ssh://-oProxyCommand=x',
  'ssh://me:secret@far',
])('"%s" is no address of an engine', host => expect(() => parsePlace(host)).toThrow(EngineError))

test('a password in an address is not repeated', () => {
  expect(() => parsePlace('ssh://me:secret@far')).toThrow(/ssh:\/\/me@far/)
})
