import { expect, test } from 'vitest'
import { aSubject, codesOf, diagnosed } from '../kit/subject.ts'

test('a container that starts later than now has an engine whose clock is ahead', () => {
  const web = aSubject({ container: { state: 'running', startedAt: 1_094_000 } })
  expect(diagnosed([web], { now: 1_000_000 }).findings).toMatchObject([
    {
      code: 'time-skew',
      certainty: 'certain',
      message: '"web" was started 94 s from now: the engine’s clock is ahead of ours',
    },
  ])
  expect(codesOf(web, { now: 1_091_000 })).toEqual([])
})

test('a token of another time is likely the clock’s fault; it is told besides the end', () => {
  const refused = (line: string) => codesOf(aSubject({ container: { exitCode: 1 }, log: [line] }))
  for (const line of ['x509: certificate has expired or is not yet valid', 'jwt: token used before issued'])
    expect(refused(line)).toEqual(['time-skew', 'exit-app-error'])
  expect(refused('session expired, please log in')).toEqual(['exit-app-error'])
})
