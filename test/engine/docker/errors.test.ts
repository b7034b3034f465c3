import { describe, expect, test } from 'vitest'
import { engineError, Refused } from '../../../src/engine/docker/errors.ts'
import { EngineError } from '../../../src/engine/errors.ts'

const of = (status: number, message: string) => {
  const { reason, hint } = engineError(new Refused(status, message))
  return [reason, hint]
}

describe('a refusal is told by what the engine says', () => {
  test.each([
    [
      'driver failed programming external connectivity on endpoint p-web-1 (0a1b): Bind for 0.0.0.0:8080 failed: port is already allocated',
      '8080',
    ],
    [
      'driver failed programming external connectivity on endpoint p-web-1 (0a1b): Error starting userland proxy: listen tcp4 127.0.0.1:5432: bind: address already in use',
      '5432',
    ],
    [
      'failed to set up container networking: driver failed programming external connectivity on endpoint x (0a): failed to bind host port 0.0.0.0:80/tcp: address already in use',
      '80',
    ],
    ['failed to bind host port for 0.0.0.0:81:172.18.0.2:80/tcp: address already in use', '81'],
    ['Bind for :::8081 failed: port is already allocated', '8081'],
    ['rootlessport listen tcp 0.0.0.0:8082: bind: address already in use', '8082'],
  ])('%s: port %s is taken', (message, port) => {
    expect(of(500, message)).toEqual([
      'port-taken',
      `stop what uses port ${port} of this machine, or publish another port`,
    ])
  })

  test.each([
    [
      409,
      'Conflict. The container name "/p-web-1" is already in use by container "0a1b". You have to remove (or rename) that container to be able to reuse that name.',
      'conflict',
      'p-web-1',
    ],
    [404, 'No such image: busybox:9', 'not-found', 'busybox:9'],
    [
      404,
      "pull access denied for nobody/nothing, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
      'denied',
      'docker login',
    ],
    [500, 'Head "https://r.example/v2/x/manifests/1": unauthorized: authentication required', 'denied', 'docker login'],
    [500, 'toomanyrequests: You have reached your pull rate limit.', 'failed', 'log in'],
    [400, 'client version 1.99 is too new. Maximum supported API version is 1.41', 'unsupported', 'DOCKER_API_VERSION'],
    [
      403,
      'error while removing network: network p_default id 0a has active endpoints',
      'conflict',
      'containers that use it',
    ],
    [409, 'remove p_data: volume is in use - [0a1b]', 'conflict', 'containers that use it'],
    [
      500,
      'error while removing network: error marking network p_default (0a) for deletion: failed to update store for object type *libnetwork.network: open : no such file or directory',
      'unreachable',
      'engine is running',
    ],
    [
      500,
      'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
      'failed',
      'subnet',
    ],
    [500, 'all predefined address pools have been fully subnetted', 'failed', 'subnet'],
    [500, 'write /var/lib/docker/x: no space left on device', 'failed', 'free space'],
  ])('%d %s: %s', (status, message, reason, hinted) => {
    const [is, hint] = of(status, message)
    expect(is).toBe(reason)
    expect(hint).toContain(hinted)
  })

  test('an image of which another tag is being removed has gone already', () => {
    expect(of(500, 'unrecognized image ID sha256:ea953f0b')).toEqual(['not-found', undefined])
  })

  test.each([
    [400, 'invalid'],
    [401, 'denied'],
    [403, 'denied'],
    [404, 'not-found'],
    [409, 'conflict'],
    [500, 'failed'],
    [501, 'unsupported'],
    [503, 'failed'],
  ])('otherwise by its status: %d is %s', (status, reason) => {
    expect(of(status, 'something')).toEqual([reason, undefined])
  })
})

describe('what is no refusal', () => {
  test('a connection that fails is unreachable, with why', () => {
    const error = engineError(Object.assign(new Error('connect ENOENT /x.sock'), { code: 'ENOENT' }))
    expect(error).toMatchObject({
      reason: 'unreachable',
      message: 'cannot reach the container engine: no such file (ENOENT)',
    })
  })

  test('a socket that may not be opened is told so, and by whom', () => {
    const error = engineError(Object.assign(new Error('connect EACCES'), { code: 'EACCES' }))
    expect(error).toMatchObject({
      reason: 'unreachable',
      code: 'socket-permission',
      hint: 'join the group that owns the socket',
    })
  })

  test('each has a code that can be explained, its own or that of its reason', () => {
    const code = (status: number, message: string) => engineError(new Refused(status, message)).code
    expect(code(400, 'client version 1.99 is too new. Maximum supported API version is 1.51')).toBe('api-version')
    expect(code(409, 'remove p_data: volume is in use - [0a1b]')).toBe('engine-conflict')
    expect(engineError(Object.assign(new Error(''), { code: 'ECONNREFUSED' })).code).toBe('engine-unreachable')
  })

  test('whatever an aborted call ends with, it was cancelled', () => {
    expect(engineError(new Refused(500, 'context canceled'), AbortSignal.abort()).reason).toBe('cancelled')
    expect(engineError(new Error('aborted'), AbortSignal.abort()).reason).toBe('cancelled')
  })

  test('what is an EngineError already stays it', () => {
    const error = new EngineError('invalid', 'x')
    expect(engineError(error, AbortSignal.abort())).toBe(error)
  })

  test('addresses in it lose their passwords', () => {
    const refusal = new Refused(500, 'failed to fetch remote https://me:s3cret@h/x.git: exit status 128')
    expect(engineError(refusal).message).toBe('failed to fetch remote https://h/x.git: exit status 128')
  })

  test('the rest failed, and keeps its cause', () => {
    const cause = new Error('odd')
    expect(engineError(cause)).toMatchObject({ reason: 'failed', message: 'odd', cause })
  })
})
