import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { variablesFrom } from '../../src/cli/run-variables.ts'

const folder = mkdtempSync(join(tmpdir(), 'gantry-run-variables-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** One file for each text, in order. */
function variables(...texts: string[]) {
  const names = texts.map((text, i) => {
    writeFileSync(join(folder, `${i}.env`), text)
    return `${i}.env`
  })
  return variablesFrom(names, folder, { HOST: 'here' })
}

test('quotes, comments, export and variables mean what they mean in every env file', async () => {
  expect(await variables('# first\nexport A="one two" # why\nB=\'$A\'\nC=${HOST}/${A}\n')).toEqual({
    A: 'one two',
    B: '$A',
    C: 'here/one two',
  })
})

test('a name alone takes what is known', async () => {
  expect(await variables('HOST\nNOBODY\n')).toEqual({ HOST: 'here' })
})

test('the last file wins', async () => {
  expect(await variables('A=1\nB=1\n', 'B=2\n')).toEqual({ A: '1', B: '2' })
})

test('a mistake is told with its line, and nothing is left out in silence', async () => {
  await expect(variables('A=1\nB C D\n')).rejects.toMatchObject({ problems: [{ code: 'bad-env-file' }] })
})

test('a file that is not there is told in docker compose’s words', async () => {
  await expect(variablesFrom(['gone.env'], folder, {})).rejects.toThrow('open gone.env: no such file or directory')
})
