import dotenv from 'dotenv'
import type { Report } from '../../text/problem.ts'
import type { Source, Span } from '../../text/source.ts'
import { scanEnvFile } from './env-scan.ts'
import type { Lookup } from './filled-in.ts'
import { masked } from './masked.ts'

export interface Variable {
  readonly value: string
  /** Where the name stands. */
  readonly at: Span
}

/** `A=1`, `export A=1`, a comment or nothing, with no character that any dialect gives a meaning to. */
const simpleLine =
  /^[ \t]*(?:#.*|(?:export[ \t]+)?[A-Za-z_][A-Za-z0-9_]*=(?:[^\s'"`#$\\][^'"`#$\\\t\v\f\r]*|'[^'\\`\r]*'|"[^"\\$`\r]*")?[ ]*)?$/

/**
 * The variables of an env file in docker compose's dialect: `KEY=VALUE` and `KEY: VALUE`, comments, quotes that may span lines,
 * `${…}` in unquoted and double-quoted values. `lookup` answers before earlier lines do. A name alone takes its value from
 * `lookup`, or is left out.
 */
export function parseEnvFile(source: Source, lookup: Lookup, report: Report): ReadonlyMap<string, Variable> {
  const lines = source.text.split('\n')
  return lines.every(line => simpleLine.test(line)) ? fromDotenv(source, lines) : scanEnvFile(source, lookup, report)
}

/** dotenv reads these lines as docker compose does; it knows no places, so these come from the lines. */
function fromDotenv(source: Source, lines: readonly string[]): ReadonlyMap<string, Variable> {
  const values = dotenv.parse(source.text)
  const shown = masked(source)
  const found = new Map<string, Variable>()
  let offset = 0
  for (const line of lines) {
    const match = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=/.exec(line)
    if (match) {
      const end = offset + match[0].length - 1
      found.set(match[1]!, {
        value: values[match[1]!] ?? '',
        at: { source: shown, start: end - match[1]!.length, end },
      })
    }
    offset += line.length + 1
  }
  return found
}

/** `docker run --env-file`: no quotes, no variables; a name alone is taken from `lookup`. */
export function parseRawEnvFile(source: Source, lookup: Lookup, report: Report): ReadonlyMap<string, Variable> {
  const found = new Map<string, Variable>()
  const shown = masked(source)
  let offset = 0
  for (const raw of source.text.split('\n')) {
    const start = offset
    offset += raw.length + 1
    const line = (raw.endsWith('\r') ? raw.slice(0, -1) : raw).trimStart()
    if (!line || line.startsWith('#')) continue
    const indent = raw.length - raw.trimStart().length
    const equals = line.indexOf('=')
    const name = equals < 0 ? line : line.slice(0, equals)
    const at = { source: shown, start: start + indent, end: start + indent + Math.max(1, name.length) }
    const wrong = (message: string) =>
      report({ code: 'bad-env-file', severity: 'error', message, hint: 'write NAME=VALUE', at })
    if (!name.trim()) wrong('there is no name before the =')
    else if (/\s/.test(name)) wrong(`the name "${name}" holds a blank`)
    else {
      const value = equals < 0 ? lookup(name) : line.slice(equals + 1)
      if (value !== undefined) found.set(name, { value, at })
    }
  }
  return found
}
