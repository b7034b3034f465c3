import { expect, test } from 'vitest'
import { paint } from '../../src/ui/paint.ts'
import { type LogStyle, logs } from '../../src/ui/prefix.ts'
import { writer } from '../../src/ui/writer.ts'
import { stream } from './terminal.ts'

function printed(style: Partial<LogStyle>, ...events: Parameters<ReturnType<typeof logs>>[0][]) {
  const [stdout, stderr] = [stream(), stream()]
  const [out, errors] = [writer(stdout), writer(stderr)]
  const usual = { paint: paint(false), names: true, timestamps: false, terminal: false, announce: false }
  const print = logs(out, errors, { ...usual, ...style })
  events.forEach(print)
  out.flush()
  errors.flush()
  return { out: stdout.text(), err: stderr.text() }
}
const line = (container: string, text: string, stream: 'stdout' | 'stderr' = 'stdout', time?: string) => ({
  type: 'log' as const,
  container,
  service: container.split('-')[0]!,
  stream,
  line: Buffer.from(text),
  ...(time !== undefined && { time }),
})

test('each line names who said it, names as wide as the widest that is known', () => {
  const following = { type: 'following' as const, containers: ['db-1', 'worker-1'] }
  expect(printed({}, following, line('db-1', 'ready'), line('worker-1', 'working')).out).toBe(
    'db-1      | ready\nworker-1  | working\n',
  )
})

test('attached up says whom it follows', () => {
  const following = { type: 'following' as const, containers: ['db-1', 'web-1'] }
  expect(printed({ announce: true }, following).out).toBe('Attaching to db-1, web-1\n')
})

test('what a container writes to its standard error goes to ours', () => {
  expect(printed({}, line('db-1', 'out'), line('db-1', 'err', 'stderr'))).toEqual({
    out: 'db-1  | out\n',
    err: 'db-1  | err\n',
  })
})

test('names are left out and times put in as asked', () => {
  const time = '2026-11-21T10:00:00.000000001Z'
  expect(printed({ names: false, timestamps: true }, line('db-1', 'x', 'stdout', time)).out).toBe(`${time} x\n`)
})

test('names are coloured in docker compose’s order', () => {
  expect(printed({ paint: paint(true) }, line('a-1', 'x'), line('b-1', 'y'), line('a-1', 'z')).out).toBe(
    '\u001b[36ma-1  | \u001b[39mx\n\u001b[33mb-1  | \u001b[39my\n\u001b[36ma-1  | \u001b[39mz\n',
  )
})

test('into a pipe every byte passes; on a terminal only what cannot move its cursor', () => {
  const bytes = '\u001b[31mred\u001b[2J\r'
  expect(printed({ names: false }, line('a-1', bytes)).out).toBe(`${bytes}\n`)
  expect(printed({ names: false, terminal: true }, line('a-1', bytes)).out).toBe('\u001b[31mred\n')
})

test.each([
  [0, 'exited', 'web-1 exited with code 0\n'],
  [137, 'exited', 'web-1 exited with code 137 (killed, SIGKILL)\n'],
  [143, 'exited', 'web-1 exited with code 143 (terminated, SIGTERM)\n'],
  [1, 'restarting', 'web-1 exited with code 1 (restarting)\n'],
  [0, 'recreated', 'web-1 has been recreated\n'],
] as const)('code %d, %s', (exitCode, state, text) => {
  expect(printed({}, { type: 'status', container: 'web-1', service: 'web', state, exitCode }).out).toBe(text)
})

test('for programs each line is an object, on standard output whichever stream it came from', () => {
  const time = '2026-11-21T10:00:00.000000001Z'
  const following = { type: 'following' as const, containers: ['db-1'] }
  const { out, err } = printed({ json: true }, following, line('db-1', 'bad "news"', 'stderr', time))
  expect(JSON.parse(out)).toEqual({
    type: 'log',
    container: 'db-1',
    service: 'db',
    stream: 'stderr',
    time,
    line: 'bad "news"',
  })
  expect(err).toBe('')
})
