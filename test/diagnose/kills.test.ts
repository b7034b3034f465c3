import { expect, test } from 'vitest'
import { aSubject, diagnosed } from '../kit/subject.ts'

const crashed = (exitCode: number, init: boolean) =>
  diagnosed([aSubject({ container: { exitCode, spec: { init } }, events: ['start', 'die'] })]).findings[0]

test('an init tells a fault from an abort, and is proposed only where there is none', () => {
  expect(crashed(139, false)).toMatchObject({ code: 'exit-segv', fix: 'init: true' })
  expect(crashed(139, true)?.message).toBe('"web" crashed: a memory fault')
  expect(crashed(139, true)?.fix).toBe(undefined)
  expect(crashed(134, true)?.message).toBe('"web" aborted itself')
})
