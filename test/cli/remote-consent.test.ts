import { expect, test } from 'vitest'
import type { App } from '../../src/cli/app.ts'
import { agreed, remarksOn } from '../../src/cli/remote-consent.ts'
import type { Loaded } from '../../src/load/load.ts'
import type { RemoteUse } from '../../src/load/remote/use.ts'
import type { Problem } from '../../src/text/problem.ts'

const use: RemoteUse = {
  reference: 'oci://r.example/a:1',
  folder: '/cache/a',
  parts: ['https://git.example/b.git'],
  variables: [
    { name: 'DB_PASSWORD', value: '********', source: 'environment', default: '', required: true },
    { name: 'TAG', value: 'a\u001b[31m\nb', source: 'default', default: '1', required: false },
    { name: 'NOPE', value: undefined, source: undefined, default: '', required: false },
  ],
}

async function outcome(
  remote: RemoteUse | undefined,
  { yes = false, terminal = true, answer = false, dryRun = false, json = false },
) {
  let told = ''
  const app = {
    stdin: { isTTY: terminal },
    stderr: { isTTY: terminal, write: (text: string) => (told += text) },
    globals: { 'dry-run': dryRun },
    look: { progress: json ? 'json' : 'plain' },
    emit: ({ problem }: { problem: Problem }) => (told += `${problem.code}: ${problem.message}`),
    actions: () => Promise.resolve({ ask: () => Promise.resolve(answer) }),
  } as unknown as App
  const loaded = { ...(remote && { remote }) } as Loaded
  try {
    await agreed(app, loaded, yes)
    return { went: 'on', told }
  } catch (error) {
    return { went: (error as Error).message, told }
  }
}

test('what comes from elsewhere is a table, on which nothing is drawn', () => {
  expect(remarksOn(use)).toEqual([
    'It brings in from elsewhere:',
    '  https://git.example/b.git',
    'It takes these variables from here:',
    '  VARIABLE     VALUE     SOURCE       REQUIRED  DEFAULT',
    '  DB_PASSWORD  ********  environment  yes',
    '  TAG          a?[31m b  default      no        1',
    '  NOPE         <unset>                no',
  ])
})

test('a project of the user is nothing to ask about', async () => {
  expect(await outcome(undefined, { terminal: false })).toEqual({ went: 'on', told: '' })
})

test('one from elsewhere that takes and brings nothing is told only', async () => {
  expect(await outcome({ ...use, parts: [], variables: [] }, { terminal: false })).toEqual({
    went: 'on',
    told: '"oci://r.example/a:1" is kept in /cache/a\n',
  })
})

test('a reader of JSON is told in one event', async () => {
  const { told } = await outcome({ ...use, variables: [] }, { yes: true, json: true })
  expect(told).toBe(
    'remote-project: "oci://r.example/a:1" is kept in /cache/a\nIt brings in from elsewhere:\n  https://git.example/b.git',
  )
})

test('else the user is asked, and without a yes nothing happens', async () => {
  expect(await outcome(use, { answer: true })).toMatchObject({ went: 'on' })
  expect(await outcome(use, { answer: false })).toMatchObject({ went: 'operation cancelled by user' })
})

test('--yes answers, and a dry run asks nobody', async () => {
  expect(await outcome(use, { yes: true, terminal: false })).toMatchObject({ went: 'on' })
  expect(await outcome(use, { dryRun: true, terminal: false })).toMatchObject({ went: 'on' })
})

test('where nobody can be asked it is refused, with what to do', async () => {
  expect(await outcome(use, { terminal: false })).toMatchObject({
    went: 'nobody can be asked here whether to run "oci://r.example/a:1"',
  })
})
