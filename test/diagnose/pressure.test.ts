import { describe, expect, test } from 'vitest'
import { aSubject, codesOf, diagnosed } from '../kit/subject.ts'

describe('a limit of the CPU', () => {
  const web = aSubject({ container: { state: 'running', spec: { nano_cpus: 100_000_000 } } })
  const stat = {
    what: 'inside',
    container: 'web-id',
    command: ['cat', '/sys/fs/cgroup/cpu/cpu.stat', '/sys/fs/cgroup/cpu.stat'],
  } as const
  const told = (periods: number, throttled: number) =>
    diagnosed([web], {
      facts: [[stat, { output: `nr_periods ${periods}\nnr_throttled ${throttled}\nthrottled_time 3\n` }]],
    }).findings

  test('is told where the container is held back most of the time', () => {
    expect(told(50, 48)).toMatchObject([
      {
        code: 'cpu-throttled',
        severity: 'warning',
        message: '"web" was held back in 96 % of its time slices: it wants more than 0.1 CPUs',
        fix: 'cpus: 0.5',
      },
    ])
  })

  test('is not told where it is seldom, or where there is too little to judge by', () => {
    expect(told(1000, 400)).toEqual([])
    expect(told(10, 10)).toEqual([])
    expect(codesOf(web, { facts: [[stat, { output: "cat: can't open" }]] })).toEqual([])
  })
})

describe('zombies', () => {
  const table = { what: 'inside', container: 'web-id', command: ['sh', '-c', 'cat /proc/[0-9]*/stat'] } as const
  const line = (pid: number, state: string, parent: number) => `${pid} (sleep) ${state} ${parent} 1 1 0 -1\n`
  const subject = (init: boolean) => aSubject({ container: { state: 'running', spec: { pids_limit: 30, init } } })
  const codes = (lines: readonly string[], init = false) =>
    codesOf(subject(init), { facts: [[table, { output: lines.join('') }]] })

  test('are told where some have piled up below the main process', () => {
    const zombies = [line(1, 'S', 0), line(7, 'Z', 1), line(8, 'Z', 1), line(9, 'Z', 1)]
    expect(codes(zombies)).toEqual(['zombies-pile-up'])
    expect(codes(zombies, true)).toEqual([])
  })

  test('are not told of one that is about to be cleared away, nor of those that have another parent', () => {
    expect(codes([line(1, 'S', 0), line(7, 'Z', 1)])).toEqual([])
    expect(codes([line(1, 'S', 0), line(7, 'Z', 6), line(8, 'Z', 6), line(9, 'Z', 6)])).toEqual([])
  })
})

describe('limits that are written and not held', () => {
  const mem_limit = 64 * 1024 ** 2
  const codes = (memory: number) =>
    codesOf(aSubject({ container: { state: 'running', spec: { memory } } }), { services: { web: { mem_limit } } })

  test('are told, since the engine said so only when it made the container', () => {
    expect(codes(0)).toEqual(['cgroup-limit-ignored'])
    expect(codes(mem_limit)).toEqual([])
  })
})
