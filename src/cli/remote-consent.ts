import type { Loaded } from '../load/load.ts'
import type { RemoteUse, RemoteVariable } from '../load/remote/use.ts'
import { userError } from '../text/problem.ts'
import type { App } from './app.ts'

/**
 * What was loaded, once the user agrees to run it here: a project that lies elsewhere is told with where it is kept, what more it
 * brings, and which variables it takes from here, secret ones as stars. As docker compose, nobody is asked about a project that
 * takes and brings nothing, and nobody with --yes; where nobody can be asked it is refused. Throws UserError.
 */
export async function agreed(app: App, loaded: Loaded, yes: boolean): Promise<Loaded> {
  const { remote } = loaded
  if (!remote) return loaded
  const remarks = remarksOn(remote)
  tell(app, [`"${remote.reference}" is kept in ${remote.folder}`, ...remarks])
  if (remarks.length === 0) return loaded
  if (yes || app.globals['dry-run']) return loaded
  if (!app.stdin.isTTY || !app.stderr.isTTY)
    throw userError(
      'consent-needed',
      `nobody can be asked here whether to run "${remote.reference}"`,
      'look at it with "config", then say --yes',
    )
  const { ask } = await app.actions()
  if (await ask?.({ id: 'remote', ask: 'Do you trust it, and go on?' })) return loaded
  throw userError('cancelled', 'operation cancelled by user')
}

/** A reader of JSON is told in events. */
function tell(app: App, lines: readonly string[]): void {
  if (app.look.progress !== 'json') app.stderr.write(`${lines.join('\n')}\n`)
  else app.emit({ type: 'problem', problem: { code: 'remote-project', severity: 'info', message: lines.join('\n') } })
}

/** Lines for the user. */
export function remarksOn({ parts, variables }: RemoteUse): readonly string[] {
  return [
    ...(parts.length > 0 ? ['It brings in from elsewhere:', ...parts.map(part => `  ${onOneLine(part)}`)] : []),
    ...(variables.length > 0 ? ['It takes these variables from here:', ...tableOf(variables)] : []),
  ]
}

function tableOf(variables: readonly RemoteVariable[]): readonly string[] {
  const rows = [
    ['VARIABLE', 'VALUE', 'SOURCE', 'REQUIRED', 'DEFAULT'],
    ...variables.map(v => [v.name, v.value ?? '<unset>', v.source ?? '', v.required ? 'yes' : 'no', v.default]),
  ].map(row => row.map(onOneLine))
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows.map(row => `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}`.trimEnd())
}

/** Values come from elsewhere as well: they draw nothing on the terminal. */
function onOneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll(/\p{Cc}/gu, '?')
  return line.length > 60 ? `${line.slice(0, 57)}...` : line
}
