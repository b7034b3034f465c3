import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { commands } from '../../src/cli/commands.ts'
import { globalFlags } from '../../src/cli/globals.ts'
import { commandHelp, help } from '../../src/cli/help.ts'
import { version } from '../../src/cli/version.ts'

const loaded = await Promise.all(
  Object.entries(commands).map(async ([name, entry]) => ({ name, entry, command: (await entry.load()).default })),
)

describe.each(loaded)('$name', ({ name, entry, command }) => {
  test('has no two flags of one letter', () => {
    const letters = Object.values(command.flags).flatMap(flag => flag.short ?? [])
    expect(letters).toEqual([...new Set(letters)])
  })

  test('its flags and its help say what they do in lines that fit', () => {
    const text = commandHelp('gantry', name, entry, command, 100)
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100)
    for (const [flag, { help, hidden }] of Object.entries(command.flags))
      if (!hidden) expect(help, flag).toMatch(/^\p{Lu}/u)
  })

  test('its example is one of its own', () => {
    expect(entry.example[0].split(' ')[0]).toBe(name)
  })
})

test('help lists every command with its summary', () => {
  const text = help('gantry', 100)
  for (const [name, { summary }] of Object.entries(commands))
    expect(text).toMatch(new RegExp(`^  ${name} +${summary.slice(0, 20)}`, 'm'))
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100)
})

test('the version is package.json’s', () => {
  const { version: packaged } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  expect(version).toBe(packaged)
})

interface Described {
  readonly name: string
  readonly flags?: readonly { readonly long: string; readonly short: string | null; readonly deprecated: boolean }[]
}

const listed = '../shared/cli/cli.json'
describe.skipIf(!existsSync(listed))(
  'against docker compose’s list of flags (skipped where that list is not there)',
  () => {
    const { commands: theirs } = JSON.parse(existsSync(listed) ? readFileSync(listed, 'utf8') : '{"commands":[]}') as {
      commands: Described[]
    }
    const known = (flags: object, { long, short }: { long: string; short: string | null }) => {
      const flag = (flags as Record<string, { short?: string } | undefined>)[long.slice(2)]
      return flag !== undefined && (short === null || flag.short === short.slice(1))
    }

    test.each(loaded)('every flag of $name acts or is refused', ({ name, command }) => {
      const wanted = theirs.find(c => c.name === `compose ${name}`)?.flags ?? []
      const missing = wanted.filter(flag => !flag.deprecated && !known({ ...globalFlags, ...command.flags }, flag))
      expect(missing.map(flag => flag.long)).toEqual([])
    })

    test('every flag of all commands acts or is refused', () => {
      const wanted = theirs.find(c => c.name === 'compose')?.flags ?? []
      const missing = wanted.filter(flag => flag.long !== '--version' && !known(globalFlags, flag))
      expect(missing.map(flag => flag.long)).toEqual([])
    })
  },
)
