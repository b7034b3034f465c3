import type { LoadOptions } from '../load/load.ts'
import { usedVariables } from '../load/variable-list.ts'
import { printYaml } from '../text/print.ts'

/** The variables that a project's files use, as docker compose's `config --variables` prints them. Throws UserError. */
export async function variablesTable(options: LoadOptions, format: 'yaml' | 'json' | undefined): Promise<string> {
  const variables = await usedVariables(options)
  if (format !== undefined) {
    const fields = Object.fromEntries(
      variables.map(v => [
        v.name,
        { Name: v.name, DefaultValue: v.default, PresenceValue: v.alternate, Required: v.required },
      ]),
    )
    return format === 'json' ? `${JSON.stringify(fields, undefined, 2)}\n` : printYaml(fields)
  }
  const rows = [
    ['NAME', 'REQUIRED', 'DEFAULT VALUE', 'ALTERNATE VALUE'],
    ...variables.map(v => [v.name, String(v.required), v.default, v.alternate]),
  ]
  const widths = [0, 1, 2].map(column => Math.max(17, ...rows.map(row => row[column]!.length)) + 3)
  return rows.map(row => `${row.map((cell, i) => (i < 3 ? cell.padEnd(widths[i]!) : cell)).join('')}\n`).join('')
}
