import { describe, expect, test } from 'vitest'
import { aSubject, codesOf, diagnosed } from '../kit/subject.ts'

describe('exit-oom', () => {
  const killed = aSubject({
    container: { exitCode: 137, oomKilled: true, spec: { memory: 64 * 1024 ** 2 } },
    events: ['start', 'oom', 'die'],
  })

  test('is told where the kernel ended a container, with its limit and twice that to write', () => {
    expect(diagnosed([killed]).findings).toEqual([
      {
        code: 'exit-oom',
        severity: 'error',
        message: '"web" was ended by the kernel: it wanted more than its memory limit of 64 MiB',
        hint: 'raise the limit, or have the program use less: a smaller heap, fewer workers',
        service: 'web',
        container: 'shop-web-1',
        certainty: 'certain',
        evidence: [
          { field: 'State.ExitCode', value: '137' },
          { field: 'State.OOMKilled', value: 'true' },
          { field: 'HostConfig.Memory', value: '67108864' },
        ],
        fix: 'mem_limit: 128m',
      },
    ])
  })

  test('the event is enough: the next start clears the flag', () => {
    const flagless = aSubject({ container: { exitCode: 137, oomKilled: false }, events: ['start', 'oom', 'die'] })
    expect(codesOf(flagless)).toEqual(['exit-oom'])
  })

  test('is likely where a limit was set and nobody stopped or killed: engines miss some', () => {
    const missed = (...events: string[]) =>
      diagnosed([aSubject({ container: { exitCode: 137, spec: { memory: 1024 ** 2 } }, events })]).findings
    expect(missed('start', 'die')[0]).toMatchObject({ code: 'exit-oom', certainty: 'likely' })
    expect(missed('start', 'kill', 'die').map(f => f.code)).not.toContain('exit-oom')
    expect(missed().map(f => f.code)).not.toContain('exit-oom')
  })

  test('another end than by the kernel is none', () => {
    expect(codesOf(aSubject({ container: { exitCode: 137 }, events: ['start', 'die'] }))).not.toContain('exit-oom')
  })
})

describe('exit-app-error', () => {
  test('is told with the last line where nothing more telling is known', () => {
    const failed = aSubject({ container: { exitCode: 3 }, log: ['starting', 'boom', ''] })
    expect(diagnosed([failed]).findings[0]).toMatchObject({
      code: 'exit-app-error',
      message: '"web" ended by itself with code 3, 2.0 s after its start',
      evidence: [
        { field: 'State.ExitCode', value: '3' },
        { field: 'last line', value: 'boom' },
      ],
    })
  })

  test('values of secrets are not told, even where the program prints them', () => {
    const failed = aSubject({
      container: { exitCode: 1, spec: { env: ['DB_PASSWORD=hunter22'] } },
      log: ['cannot log in with hunter22'],
    })
    expect(JSON.stringify(diagnosed([failed]).findings)).not.toContain('hunter22')
  })

  test('of a line that fills many screens both ends are told, and nothing of a secret that is cut', () => {
    const line = `begun ${'.'.repeat(1490)}hunter22${'.'.repeat(1_000_000)} so it ends`
    const failed = aSubject({
      container: { exitCode: 1, spec: { env: ['DB_PASSWORD=hunter22'] } },
      log: [line],
    })
    const told = diagnosed([failed]).findings[0]?.evidence.find(({ field }) => field === 'last line')?.value
    expect(told).toMatch(/^begun \.{1490}\*+ … \.+ so it ends$/)
    expect(told!.length).toBeLessThan(2000)
  })
})

describe('an exit code above 127', () => {
  const codes = (exitCode: number, ...events: string[]) => codesOf(aSubject({ container: { exitCode }, events }))

  test('is the program’s own, or a signal that it brought upon itself', () => {
    for (const code of [128, 132, 141, 200, 254]) expect(codes(code, 'start', 'die')).toEqual(['exit-app-error'])
    expect(diagnosed([aSubject({ container: { exitCode: 132 } })]).findings[0]?.message).toBe(
      '"web" ended by itself with code 132 (illegal instruction, SIGILL), 2.0 s after its start',
    )
  })

  test('tells of a signal that somebody sent, where it was no stop', () => {
    for (const code of [129, 130, 137, 143]) {
      expect(codes(code, 'start', 'die')).toEqual(['killed-from-outside'])
      expect(codes(code, 'start', 'kill', 'die', 'stop')).toEqual([])
    }
  })

  test('tells nothing of one that may have been a stop, which nobody remembers', () => {
    for (const code of [130, 137, 143]) expect(codes(code)).toEqual([])
  })
})

test('nothing is told of a container that is well, and nothing is probed', () => {
  for (const subject of [
    aSubject({ container: { state: 'running' } }),
    aSubject({ container: { exitCode: 0, spec: { restart: 'no' } } }),
  ])
    expect(diagnosed([subject])).toEqual({ findings: [], wanted: [] })
})
