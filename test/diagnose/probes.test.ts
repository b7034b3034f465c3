import { describe, expect, test } from 'vitest'
import type { FileFact } from '../../src/diagnose/scene.ts'
import { aSubject, codesOf, diagnosed } from '../kit/subject.ts'

const file = (head: string, parts: Partial<FileFact> = {}): FileFact => ({
  kind: 'file',
  mode: 0o755,
  uid: 0,
  head,
  ...parts,
})
const at = (path: string) => ({ what: 'file', container: 'web-id', path }) as const
const none: FileFact = { kind: 'none', mode: 0, uid: 0, head: '' }

describe('a script that is there and is not found', () => {
  const lost = aSubject({ container: { exitCode: 255 }, log: ['exec /s/run.sh: no such file or directory'] })

  test('is asked for before anything is said of it', () => {
    expect(diagnosed([lost]).wanted).toEqual([at('/s/run.sh')])
  })

  test('has Windows line ends where its first line ends in CR LF', () => {
    expect(codesOf(lost, { facts: [[at('/s/run.sh'), file('#!/bin/sh\r\necho\r\n')]] })).toEqual(['crlf-script'])
  })

  test('or wants an interpreter that is not there', () => {
    const facts = [
      [at('/s/run.sh'), file('#!/bin/bash\necho\n')],
      [at('/bin/bash'), none],
    ] as const
    expect(codesOf(lost, { facts })).toEqual(['interpreter-missing'])
  })

  test('but not one that is there', () => {
    const facts = [
      [at('/s/run.sh'), file('#!/bin/bash\necho\n')],
      [at('/bin/bash'), file('\u007fELF')],
    ] as const
    expect(codesOf(lost, { facts })).not.toContain('interpreter-missing')
  })
})

describe('a file that the kernel cannot run', () => {
  const bad = aSubject({ container: { exitCode: 255 }, log: ['exec /s/run.sh: exec format error'] })
  const elf = (machine: number) => `\u007fELF\u0002\u0001${'\0'.repeat(12)}${String.fromCharCode(machine)}\0`
  const said = (head: string) => diagnosed([bad], { facts: [[at('/s/run.sh'), file(head)]] }).findings[0]

  test.each([
    ['echo hi\n', 'it does not begin with "#!"'],
    ['', 'it is empty'],
    ['\u00ef\u00bb\u00bf#!/bin/sh\n', 'a byte order mark stands before its "#!"'],
  ])('says why: %j', (head, because) => {
    expect(said(head)).toMatchObject({ code: 'exec-format', certainty: 'certain' })
    expect(said(head)?.message).toContain(because)
  })

  test('is for another machine where its header says so', () => {
    expect(said(elf(183))).toMatchObject({ code: 'arch-mismatch', fix: 'platform: linux/amd64' })
    expect(said(elf(62))?.code).toBe('exec-format')
  })
})

describe('a health check that is refused', () => {
  const health = {
    status: 'unhealthy' as const,
    failingStreak: 3,
    log: [{ start: 1_000_500, end: 1_000_600, exitCode: 1, output: "wget: can't connect: Connection refused" }],
  }
  const spec = { healthcheck: { test: ['CMD', 'wget', '-qO-', 'http://localhost:8080'] } }
  const refused = aSubject({ container: { state: 'running', health, spec } })
  const sockets = { what: 'sockets', container: 'web-id' } as const
  const told = (...listening: { address: string; port: number }[]) =>
    diagnosed([refused], { facts: [[sockets, { listening }]] }).findings[0]

  test('names the port on which the program listens', () => {
    expect(told({ address: '0.0.0.0', port: 3000 })).toMatchObject({
      code: 'probe-refused',
      certainty: 'certain',
      message: 'the health check of "web" asks port 8080, and the program listens on 3000',
    })
  })

  test('says that nothing listens yet', () => {
    expect(told()?.message).toContain('nothing listens in the container yet')
  })

  test('suspects the address where the port is open', () => {
    expect(told({ address: '0.0.0.0', port: 8080 })).toMatchObject({
      certainty: 'likely',
      fix: 'healthcheck:\n  test: ["CMD","wget","-qO-","http://127.0.0.1:8080"]',
    })
  })

  test('is not told from a check of an earlier start', () => {
    const old = { ...health, log: health.log.map(probe => ({ ...probe, start: 5, end: 6 })) }
    expect(codesOf(aSubject({ container: { state: 'running', health: old, spec } }))).toEqual([])
  })

  test('is not told of a container that has ended: the end is what matters', () => {
    expect(codesOf(aSubject({ container: { state: 'exited', exitCode: 3, health, spec } }))).toEqual(['exit-app-error'])
  })
})

test('the dependant is not told where the cause is', () => {
  const db = aSubject({ container: { exitCode: 3 } }, 'db')
  const web = aSubject(
    { failure: { doing: 'start', message: 'dependency failed to start: container shop-db-1 exited (3)' } },
    'web',
  )
  const depends_on = { db: { condition: 'service_started', required: true } as const }
  const { findings } = diagnosed([web, db], { services: { web: { depends_on }, db: {} } })
  expect(findings.map(f => `${f.service} ${f.code}`)).toEqual(['db exit-app-error'])
})
