import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { commandsText } from '../../build/commands-page.ts'
import { absent, commands } from '../../src/cli/commands.ts'
import { globalFlags } from '../../src/cli/globals.ts'

test('docs/commands.md is what the declarations give: "node build/commands-page.ts" writes it', async () => {
  expect(readFileSync('docs/commands.md', 'utf8')).toBe(await commandsText())
})

const reference = '../shared/cli/cli.json'

interface Declared {
  readonly name: string
  readonly flags: readonly { readonly long: string; readonly deprecated: boolean }[]
}

describe.skipIf(!existsSync(reference))('held against docker compose', () => {
  const all: readonly Declared[] = existsSync(reference)
    ? (JSON.parse(readFileSync(reference, 'utf8')) as { commands: readonly Declared[] }).commands
    : []
  const named = commandsOf(all)

  test('every command is here, or refused by name', () => {
    const missing = named.filter(
      ({ name }) =>
        name !== 'compose' && name !== 'help' && !Object.hasOwn(commands, name) && !Object.hasOwn(absent, name),
    )
    expect(missing.map(({ name }) => name)).toEqual([])
  })

  test('every flag that is not deprecated acts, or is refused with a reason', async () => {
    const missing: string[] = []
    for (const { name, flags } of named) {
      const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
      if (!entry && name !== 'compose') continue
      const own = entry ? (await entry.load()).default.flags : {}
      const known = { ...globalFlags, version: 1, ...own }
      for (const { long, deprecated } of flags)
        if (!deprecated && !Object.hasOwn(known, long.replace(/^--/, ''))) missing.push(`${name} ${long}`)
    }
    expect(missing).toEqual([])
  })
})

/** What stands below `alpha` and `bridge` is refused with them; what the docker command asks its plugins is no user's command. */
const commandsOf = (all: readonly Declared[]) =>
  all
    .map(({ name, flags }) => ({ name: name.replace(/^compose /, ''), flags }))
    .filter(({ name }) => !name.includes(' ') && !name.startsWith('docker-cli-'))
