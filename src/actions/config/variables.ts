import type { LoadOptions } from '../../load/load.ts'
import { usedVariables } from '../../load/variables/variable-list.ts'
import { printYaml } from '../../text/print.ts'

/** The variables that a project's files use, as docker compose's `config --variables` prints them. Throws UserError. */
export async function variablesTable(options: LoadOptions, format: 'yaml' | 'json' | undefined): Promise<string> {
  const variables = await usedVariables(options)
  if (format !== undefined) {
    const fields = variables.map(v => ({
      Name: v.name,
      DefaultValue: v.default,
      PresenceValue: v.alternate,
      Required: v.required,
    }))
    const named = Object.fromEntries(fields.map(v => [v.Name, v]))
    // Unlike the project, docker compose prints these four blanks in, with an empty line after them, and in YAML in lower case.
    if (format === 'json') return `${JSON.stringify(named, undefined, 4)}\n\n`
    const lower = fields.map(v =>
      Object.fromEntries(Object.entries(v).map(([key, value]) => [key.toLowerCase(), value])),
    )
    return printYaml(Object.fromEntries(fields.map((v, i) => [v.Name, lower[i]!])))
  }
  const rows = [
    ['NAME', 'REQUIRED', 'DEFAULT VALUE', 'ALTERNATE VALUE'],
    ...variables.map(v => [v.name, String(v.required), v.default, v.alternate]),
  ]
  const widths = [0, 1, 2].map(column => Math.max(17, ...rows.map(row => row[column]!.length)) + 3)
  return rows.map(row => `${row.map((cell, i) => (i < 3 ? cell.padEnd(widths[i]!) : cell)).join('')}\n`).join('')
}
