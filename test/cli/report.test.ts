import { expect, test } from 'vitest'
import { calledBy } from '../../src/cli/called.ts'
import { report } from '../../src/cli/report.ts'
import { stream } from '../ui/terminal.ts'

test('where a bug comes from is told without what a terminal would obey and without passwords of addresses', async () => {
  const stderr = stream()
  const cause = new Error('https://me:s3cret@h/x.git: \u001b]0;title\u0007gone')
  const code = await report(
    new Error('odd', { cause }),
    [],
    {
      called: calledBy('gantry', {}),
      file: '/nowhere/gantry.cjs',
      env: {},
      cwd: () => '/',
      stdin: process.stdin,
      stdout: stream(),
      stderr,
      onSignal: () => {},
      onOtherSignals: () => {},
      exit: () => Promise.reject(new Error('ended')),
    },
    undefined,
  )
  expect(code).toBe(1)
  expect(stderr.text()).toContain('this is a bug in gantry: odd')
  expect(stderr.text()).toContain('\ncaused by Error: https://h/x.git: gone\n    at ')
})
