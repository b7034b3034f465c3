import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { calledBy } from '../../src/cli/called.ts'
import { globalFlags } from '../../src/cli/globals.ts'
import { slowToEnd } from '../../src/cli/interrupted.ts'
import { openApp } from '../../src/cli/open.ts'
import { values } from '../../src/cli/parse.ts'
import { stream } from '../ui/terminal.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout'] }))
afterEach(() => void vi.useRealTimers())

/** A command that is at something, or is not, and the key that interrupts it. */
async function command({ changes = true, force = false } = {}) {
  const stderr = stream()
  const exits: number[] = []
  let press = (_: NodeJS.Signals) => {}
  const given = new Map(Object.keys(globalFlags).map(flag => [flag, flag === 'progress' ? ['plain'] : []]))
  const app = openApp(values(globalFlags, given), 'up', {
    called: calledBy('gantry', {}),
    file: '/nowhere/gantry.cjs',
    env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
    cwd: () => '/',
    stdin: process.stdin,
    stdout: stream(),
    stderr,
    onSignal: heard => void (press = heard),
    onOtherSignals: () => {},
    exit: code => {
      exits.push(code)
      return Promise.reject(new Error('ended'))
    },
  })
  if (changes) await app.actions().catch(() => {})
  if (force) app.force()
  return { app, stderr, exits, press: () => press('SIGINT') }
}

test('who waits for an engine to answer after Ctrl-C is told why, and how to go', async () => {
  const { app, stderr, press } = await command()
  press()
  vi.advanceTimersByTime(slowToEnd)
  await app.close()
  expect(stderr.text()).toBe(
    'info: the engine is still at what it was asked for last\n' +
      '  hint: press Ctrl-C again to leave it to that; the next command goes on from there\n',
  )
})

test('an attached up says itself what a second Ctrl-C does', async () => {
  const { app, stderr, press } = await command({ force: true })
  press()
  vi.advanceTimersByTime(slowToEnd)
  await app.close()
  expect(stderr.text()).toBe('')
})

test('a command that changes nothing ends at the first', async () => {
  const { app, press } = await command({ changes: false })
  const running = app.orInterrupted(new Promise(() => {}))
  press()
  await expect(running).rejects.toThrow('interrupted')
})
