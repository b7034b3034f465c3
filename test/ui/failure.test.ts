import { expect, test } from 'vitest'
import { PlanFailed, type Told } from '../../src/plan/execute.ts'
import { failureCard, failureProblems, failureText } from '../../src/ui/failure.ts'
import { paint } from '../../src/ui/paint.ts'

const unit = (short: string) => ({ kind: 'container', name: `shop-${short}`, short })

test('a container that did not come up has a card: what happened, its last words and probe, and what waits for it', () => {
  expect(
    failureCard(
      {
        type: 'container-failed',
        container: 'shop-db-1',
        service: 'db',
        cause: 'unhealthy: its health check failed 3 times in a row',
        findings: [],
        log: ['starting', 'cannot bind\u001b[2J'],
        probe: { command: 'pg_isready', exitCode: 2, output: 'no response\n' },
        waiting: ['web-1', 'worker-1'],
        alike: ['shop-db-2', 'shop-db-3'],
        hint: 'look at its health check',
      },
      paint(false),
    ),
  ).toBe(
    [
      '✘ shop-db-1: unhealthy: its health check failed 3 times in a row',
      '  and so did shop-db-2, shop-db-3',
      '  its last lines:',
      '  | starting',
      '  | cannot bind',
      '  its last health probe (pg_isready) ended with 2:',
      '  | no response',
      '  waiting for it: web-1, worker-1',
      '  hint: look at its health check',
      '',
    ].join('\n'),
  )
})

test('where the cause is known, the card begins with it: how it is known, what to do, and which line', () => {
  expect(
    failureCard(
      {
        type: 'container-failed',
        container: 'shop-api-1',
        service: 'api',
        cause: 'exited (137: out of memory, limit 64 MiB)',
        findings: [
          {
            code: 'exit-oom',
            severity: 'error',
            message: '"api" was ended by the kernel',
            hint: 'raise the limit',
            service: 'api',
            container: 'shop-api-1',
            certainty: 'certain',
            evidence: [{ field: 'State.OOMKilled', value: 'true' }],
            fix: 'mem_limit: 128m',
            at: { source: { name: 'compose.yaml', text: 'mem_limit: 64m' }, start: 11, end: 14 },
          },
        ],
        log: ['loading'],
        waiting: [],
      },
      paint(false),
    ),
  ).toBe(
    [
      '✘ shop-api-1: "api" was ended by the kernel',
      '  exited (137: out of memory, limit 64 MiB)',
      '  State.OOMKilled: true',
      '  fix: raise the limit (certain, exit-oom)',
      '  compose.yaml:1:12:',
      '      mem_limit: 128m',
      '  its last lines:',
      '  | loading',
      '',
    ].join('\n'),
  )
})

test('a failed plan tells each failure and what was left undone', () => {
  const failed = new PlanFailed({
    done: [{ id: 1, unit: unit('db-1'), op: 'create-container' }],
    failed: [{ id: 2, unit: unit('db-1'), op: 'start-container', error: new Error('port is already allocated') }],
    skipped: [
      { id: 3, unit: unit('web-1'), op: 'create-container' },
      { id: 4, unit: unit('web-1'), op: 'start-container' },
    ],
  })
  const problem = (error: unknown) => ({ code: 'x', severity: 'error' as const, message: (error as Error).message })
  expect(failureText(failed, problem, paint(false))).toBe(
    'port is already allocated\nleft undone: db-1, web-1 (1 step done); run again to go on\n',
  )
})

test('what to do is said once: an error whose card says it has no hint', () => {
  const taken = { id: 2, unit: unit('db-1'), op: 'start-container', error: new Error('port is already allocated') }
  const problem = (error: unknown) => ({
    code: 'x',
    severity: 'error' as const,
    message: (error as Error).message,
    hint: 'publish another',
  })
  const failed = (told?: Told) =>
    new PlanFailed({ done: [], failed: [{ ...taken, ...(told && { told }) }], skipped: [] })
  const at = { source: { name: 'compose.yaml', text: 'ports: [80]' }, start: 8, end: 10 }
  const told = { hint: 'stop "web"', at }
  expect(failureText(failed(), problem, paint(false))).toContain('  hint: publish another\n')
  expect(failureText(failed(told), problem, paint(false))).toBe(
    'port is already allocated\nleft undone: db-1 (0 steps done); run again to go on\n',
  )
  // A program reads the last object alone: it has them both.
  expect(failureProblems(failed(told), problem)).toEqual([{ ...problem(taken.error), ...told }])
})

test('where the engine is lost, that is told once, however many steps it ends', () => {
  const lost = (id: number, name: string) => ({ id, unit: unit(name), op: 'stop-container', error: new Error('lost') })
  const failed = new PlanFailed({ done: [], failed: [lost(1, 'db-1'), lost(2, 'web-1')], skipped: [] })
  const problem = (error: unknown) => ({ code: 'x', severity: 'error' as const, message: (error as Error).message })
  expect(failureText(failed, problem, paint(false))).toBe(
    'lost\nleft undone: db-1, web-1 (0 steps done); run again to go on\n',
  )
})
