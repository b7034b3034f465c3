import { describe, expect, test } from 'vitest'
import { aSubject, codesOf, diagnosed } from '../kit/subject.ts'

const killed = (command: readonly string[], memory: number, env: readonly string[] = []) =>
  aSubject({
    container: { exitCode: 137, oomKilled: true, spec: { command, memory, env } },
    events: ['start', 'oom', 'die'],
  })

const MiB = 1024 ** 2

describe('limit-not-seen', () => {
  test('is told besides the end of a program that plans for more than the limit', () => {
    const [end, plan] = diagnosed([killed(['node', 'server.js'], 64 * MiB)]).findings
    expect(end?.code).toBe('exit-oom')
    expect(plan).toMatchObject({
      code: 'limit-not-seen',
      severity: 'warning',
      certainty: 'likely',
      message: '"web" runs Node.js, which plans for a heap of 256 MB at least and not for its limit of 64 MiB',
      fix: 'environment:\n  NODE_OPTIONS: --max-old-space-size=48',
    })
    expect(codesOf(killed(['redis-server'], 512 * MiB))).toEqual(['exit-oom', 'limit-not-seen'])
  })

  test('is not told where the program was told, where the limit is large enough, and of other programs', () => {
    expect(codesOf(killed(['node', '.'], 64 * MiB, ['NODE_OPTIONS=--max-old-space-size=40']))).toEqual(['exit-oom'])
    expect(codesOf(killed(['node', 'server.js'], 1024 * MiB))).toEqual(['exit-oom'])
    expect(codesOf(killed(['redis-server', '--maxmemory', '100mb'], 512 * MiB))).toEqual(['exit-oom'])
    expect(codesOf(killed(['tail', '/dev/zero'], 64 * MiB))).toEqual(['exit-oom'])
  })

  test('is not told of one that has memory', () => {
    expect(codesOf(aSubject({ container: { exitCode: 1, spec: { command: ['node'], memory: MiB } } }))).toEqual([
      'exit-app-error',
    ])
  })
})

test('the limit of a heap is another thing than the limit of the container', () => {
  const log = ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory']
  expect(codesOf(aSubject({ container: { exitCode: 139 }, log }))).toEqual(['runtime-heap-limit'])
  expect(codesOf(aSubject({ container: { exitCode: 137, oomKilled: true }, log }))).toEqual(['exit-oom'])
})
