import { expect, test } from 'vitest'
import { look, screen } from '../../src/ui/renderer.ts'
import { shown, stream } from './terminal.ts'

const terminals = { out: true, err: true }
const pipes = { out: false, err: false }

test('progress is drawn on a terminal only', () => {
  expect(look({ env: {}, ...terminals }).progress).toBe('tty')
  expect(look({ env: {}, ...pipes }).progress).toBe('plain')
  expect(look({ env: {}, out: true, err: false }).progress).toBe('plain')
})

test.each([{ CI: 'true' }, { TERM: 'dumb' }])('it is not drawn with %o', env => {
  expect(look({ env, ...terminals }).progress).toBe('plain')
})

test('--ansi never draws and colours nothing, always colours into a pipe as well', () => {
  expect(look({ env: {}, ansi: 'never', progress: 'tty', ...terminals })).toEqual({
    progress: 'plain',
    colour: { out: false, err: false },
  })
  expect(look({ env: {}, ansi: 'always', ...pipes }).colour).toEqual({ out: true, err: true })
})

test('NO_COLOR takes the colours and leaves the drawing', () => {
  expect(look({ env: { NO_COLOR: '1' }, ...terminals })).toEqual({
    progress: 'tty',
    colour: { out: false, err: false },
  })
})

test('a warning is told once', async () => {
  const [stdout, stderr] = [stream(), stream()]
  const { on, close } = screen({ stdout, stderr, verb: 'up', look: look({ env: {}, ...pipes }) })
  const problem = { code: 'unset', severity: 'warning' as const, message: 'the variable "A" is not set' }
  on({ type: 'problem', problem })
  on({ type: 'problem', problem })
  await close()
  expect(stderr.text()).toBe('warning: the variable "A" is not set\n')
  expect(stdout.text()).toBe('')
})

test('progress goes where it is sent, and problems stay on standard error', async () => {
  const [stdout, stderr] = [stream(), stream()]
  const { on, close } = screen({ stdout, stderr, status: stdout, verb: 'up', look: look({ env: {}, ...pipes }) })
  const unit = { kind: 'container', name: 'shop-web-1', short: 'shop-web-1' } as const
  on({ type: 'step', id: 0, unit, op: 'start-container', state: 'started' })
  on({ type: 'problem', problem: { code: 'unset', severity: 'warning', message: 'the variable "A" is not set' } })
  await close()
  expect([stdout.text(), stderr.text()]).toEqual([
    ' Container shop-web-1 Starting \n',
    'warning: the variable "A" is not set\n',
  ])
})

test('a result that is printed on the same terminal is not drawn over', async () => {
  const terminal = stream({ columns: 60, rows: 10 })
  const { on, above, close } = screen({
    stdout: terminal,
    stderr: terminal,
    verb: 'publish',
    look: look({ env: { NO_COLOR: '1' }, ...terminals }),
  })
  const step = { type: 'step', id: 0, unit: { kind: 'artifact', name: 'shop', short: 'shop' }, op: 'publish' } as const
  on({ ...step, state: 'started' })
  on({ ...step, state: 'done' })
  above(() => terminal.write('oci://shop\n'))
  await close()
  const { lines } = shown(terminal.text(), 60)
  expect(lines.map(line => line.replace(/ +\d+\.\ds$/, ''))).toEqual([
    '[+] publish 1/1',
    ' ✔ Artifact shop  Published',
    'oci://shop',
    '',
  ])
})
