import { describe, expect, test } from 'vitest'
import type { ContainerSummary } from '../../src/engine/engine.ts'
import { LABEL } from '../../src/model/names.ts'
import type { Service } from '../../src/model/project.ts'
import { aSubject, codesOf, diagnosed } from '../kit/subject.ts'

const db = (status: string): ContainerSummary => ({
  id: 'db-id',
  name: 'shop-db-1',
  image: 'db:1',
  imageId: 'sha256:2',
  command: '',
  created: 0,
  state: status.startsWith('Up') ? 'running' : 'exited',
  status,
  labels: { [LABEL.project]: 'shop', [LABEL.service]: 'db' },
  ports: [],
  networks: [],
  mounts: [],
})

const services = (condition: 'service_healthy' | 'service_completed_successfully' | 'service_started') => ({
  web: { depends_on: { db: { condition, required: true } } } satisfies Service,
  db: {},
})

const neverStarted = aSubject({ container: { state: 'created', startedAt: 0, finishedAt: 0 } })

const told = (status: string, condition: Parameters<typeof services>[0] = 'service_healthy') =>
  diagnosed([neverStarted], { services: services(condition), neighbours: [db(status)] }).findings

describe('a service that was made and never started, asked for alone', () => {
  test('waits in vain for one that is unhealthy', () => {
    expect(told('Up 2 minutes (unhealthy)')).toMatchObject([
      {
        code: 'dependency-unhealthy',
        certainty: 'certain',
        message: '"web" was not started: "db", for which it waits, is unhealthy',
        evidence: [{ field: 'shop-db-1', value: 'Up 2 minutes (unhealthy)' }],
        hint: 'look at that one: "gantry why db"',
      },
    ])
  })

  test('waits in vain for one that has ended, with an error where it was to complete', () => {
    expect(told('Exited (0) 3 seconds ago')).toMatchObject([{ code: 'dependency-exited' }])
    expect(told('Exited (4) 3 seconds ago', 'service_completed_successfully')).toMatchObject([
      { code: 'dependency-exited', message: '"web" was not started: "db", for which it waits, ended with 4' },
    ])
    expect(told('Exited (0) 3 seconds ago', 'service_completed_successfully')).toEqual([])
  })

  test('waits in vain until one is healthy that has no health check', () => {
    expect(told('Up 3 seconds')).toMatchObject([
      {
        code: 'dependency-no-healthcheck',
        message: '"web" waits until "db" is healthy, and "db" has no health check',
        fix: 'depends_on:\n  db: {condition: service_started}',
      },
    ])
  })

  test('is well where the other one may still come, or has been made only', () => {
    for (const status of ['Up 3 seconds (healthy)', 'Up 3 seconds (health: starting)', 'Created'])
      expect(told(status)).toEqual([])
    expect(told('Exited (4) 3 seconds ago', 'service_started')).toEqual([])
  })
})

test('what says that a wait was in vain is told of the one that has no health check, with who waits', () => {
  const waitedFor = aSubject(
    {
      container: { state: 'running' },
      failure: {
        doing: 'wait',
        message: 'dependency failed to start: container shop-db-1 has no healthcheck configured',
      },
    },
    'db',
  )
  expect(diagnosed([waitedFor], { services: services('service_healthy') }).findings).toMatchObject([
    {
      code: 'dependency-no-healthcheck',
      service: 'db',
      message: '"web" waits until "db" is healthy, and "db" has no health check',
      hint: 'give "db" a health check, or have "web" wait for its start only (condition: service_started)',
    },
  ])
})

describe('a hook that failed', () => {
  const failed = (message: string) =>
    diagnosed([aSubject({ container: { state: 'running' }, failure: { doing: 'hook', message } })]).findings[0]

  test('is told with its code and what it printed last', () => {
    expect(failed('web hook exited with status 6: no such table')).toMatchObject({
      code: 'hook-failed',
      certainty: 'certain',
      message: 'a hook of "web" failed with 6; the container runs on',
      evidence: [{ field: 'hook printed', value: 'no such table' }],
    })
  })

  test('is told with its code alone where the words of the code stand beside it', () => {
    expect(failed('web hook exited with status 137 (killed, SIGKILL): bye')).toMatchObject({
      message: 'a hook of "web" failed with 137; the container runs on',
      evidence: [{ field: 'hook printed', value: 'bye' }],
    })
  })

  test('is told by the call where it printed nothing', () => {
    expect(failed('service "web" pre_start[0] exited with code 4')).toMatchObject({
      message: 'a "pre_start" hook of "web" failed with 4; the container runs on',
      hint: 'mend the hook; it printed nothing',
    })
  })

  test('what fails to start without hooks is no matter of hooks', () => {
    expect(codesOf(aSubject({ failure: { doing: 'start', message: 'exited with status 6' } }))).toEqual([])
  })
})

describe('a connection that another service refused', () => {
  const line = 'connection to server at "db" (10.0.0.3), port 5432 failed: Connection refused'
  const told = (log: string, condition: 'service_started' | 'service_healthy' = 'service_started', status = 'Up 2 s') =>
    codesOf(aSubject({ container: { exitCode: 1 }, log: [log] }), {
      services: services(condition),
      neighbours: [db(status)],
    })

  test('came too early where nothing waits until that one is healthy', () => {
    expect(told(line)).toEqual(['dependency-not-ready'])
    expect(told('Error: connect ECONNREFUSED db:5432')).toEqual(['dependency-not-ready'])
  })

  test('has another cause where that one is waited for, does not run, or is not named', () => {
    expect(told(line, 'service_healthy')).toEqual(['exit-app-error'])
    expect(told(line, 'service_started', 'Exited (1) 2 seconds ago')).toEqual(['exit-app-error'])
    expect(told('connection to my-db.example refused')).toEqual(['exit-app-error'])
  })
})
