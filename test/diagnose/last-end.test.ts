import { describe, expect, test } from 'vitest'
import { lastEnd } from '../../src/diagnose/last-end.ts'
import type { Subject } from '../../src/diagnose/scene.ts'
import { aSubject, diagnosed, type SubjectParts } from '../kit/subject.ts'

const now = 1_060_000

/** A container that its restart policy has started again, as a scene has it. */
function looked({ container, events = [], ...parts }: SubjectParts): Subject {
  const running = { state: 'running', startedAt: now - 1000, restartCount: 3, ...container } as const
  const subject = aSubject({ container: running, events, ...parts })
  const live = subject.container!
  const last = lastEnd(live, subject.events, now)
  const { state, startedAt, restartCount } = live
  return last ? { ...subject, ...last, again: { state, startedAt, restartCount } } : subject
}

const told = (parts: SubjectParts) => diagnosed([looked(parts)], { now }).findings
const died = (exitCode: number, time: number) => ({ action: 'die', exitCode, time })
const limited = { spec: { memory: 16 * 1024 ** 2, restart: 'always' } } as const

describe('a container that runs again', () => {
  test('is known to have run out of memory by the event, though the next start cleared the flag', () => {
    const [first] = told({ container: limited, events: ['start', 'oom', died(137, 1_058_000), 'start'] })
    expect(first).toMatchObject({
      code: 'exit-oom',
      certainty: 'certain',
      evidence: [
        { field: 'State.ExitCode', value: '137' },
        { field: 'events', value: 'start, oom, die' },
        { field: 'HostConfig.Memory', value: '16777216' },
        { field: 'RestartCount', value: '3' },
        { field: 'State.Status', value: 'running' },
      ],
    })
  })

  test('is told of for lack of memory however long it has run since', () => {
    const since = { startedAt: now - 3_600_000, restartCount: 1 }
    const events = ['start', 'oom', died(137, now - 3_601_000), { action: 'start', time: now - 3_600_000 }]
    expect(told({ container: { ...limited, ...since }, events })[0]?.code).toBe('exit-oom')
  })

  test('is in a loop between two crashes as well, with the code that no inspection tells any more', () => {
    const [first] = told({ events: ['start', died(4, 1_058_000), 'start'], log: ['looping'] })
    expect(first?.code).toBe('restart-loop')
    expect(first?.message).toContain('3 times by now, the last time with code 4')
    expect(first?.evidence).toContainEqual({ field: 'State.Status', value: 'running' })
  })

  test('has overcome a crash where it runs longer than before, or where it is started a first time again', () => {
    const events = ['start', died(4, 1_001_000), { action: 'start', time: 1_001_500 }]
    expect(told({ container: { startedAt: 1_001_500, restartCount: 2 }, events })).toEqual([])
    expect(told({ container: { restartCount: 1 }, events: ['start', died(1, 1_058_000), 'start'] })).toEqual([])
  })

  test('that crashes each minute is still in its loop half a minute later', () => {
    const events = [{ action: 'start', time: now - 91_000 }, died(4, now - 31_000), 'start']
    expect(told({ container: { startedAt: now - 30_000 }, events })[0]?.code).toBe('restart-loop')
  })

  test('without restarts or memories is what it is now', () => {
    expect(looked({ container: { restartCount: 0 }, events: ['start', 'oom', died(137, 1), 'start'] }).again).toBe(
      undefined,
    )
    expect(looked({ events: ['start'] }).again).toBe(undefined)
    expect(looked({ container: { state: 'exited' }, events: ['start', 'oom', died(137, 1)] }).again).toBe(undefined)
  })
})
