import { suggest } from '../base/suggest.ts'
import { type UserError, userError } from '../text/problem.ts'
import type { Command, Flags, Values } from './command.ts'

/** What stood on the command line: per table the texts of each flag, then everything that is no flag. */
export interface Scanned {
  readonly texts: readonly Texts[]
  readonly operands: readonly string[]
}

type Texts = ReadonlyMap<string, readonly string[]>

/**
 * Sorts arguments into flags and operands, as pflag does: `--flag value`, `--flag=value`, `-f value`, `-fvalue`, `-f=value`,
 * bundles of short switches, and `--` ends the flags. A flag belongs to the first table that declares it.
 * `untilOperand` leaves everything from the first operand on as it is.
 */
export function scan(argv: readonly string[], tables: readonly Flags[], untilOperand: boolean): Scanned {
  const texts = tables.map(() => new Map<string, string[]>())
  const operands: string[] = []
  const say = (found: Found, text: string) => {
    const given = texts[found.table]!
    given.set(found.name, [...(given.get(found.name) ?? []), text])
  }
  const args = argv.values()
  for (const arg of args) {
    if (arg === '--' || (untilOperand && !isFlag(arg))) {
      operands.push(...(arg === '--' ? [] : [arg]), ...args)
      break
    }
    if (!isFlag(arg)) operands.push(arg)
    else if (arg.startsWith('--')) {
      const equals = arg.indexOf('=')
      const name = arg.slice(2, equals < 0 ? undefined : equals)
      const found = byName(tables, name)
      if (!found) throw unknownFlag(arg, name, tables)
      if (equals >= 0) say(found, arg.slice(equals + 1))
      else if (found.takes === undefined) say(found, 'true')
      else say(found, next(args, `--${name}`, found.takes))
    } else {
      for (let rest = arg.slice(1); rest !== ''; ) {
        const letter = rest[0]!
        rest = rest.slice(1)
        const found = byLetter(tables, letter)
        if (!found) throw unknownLetter(arg, letter)
        if (rest.startsWith('=')) say(found, rest.slice(1))
        else if (found.takes === undefined) {
          say(found, 'true')
          continue
        } else say(found, rest === '' ? next(args, `'${letter}' in ${arg}`, found.takes) : rest)
        rest = ''
      }
    }
  }
  return { texts, operands }
}

/** The values of a table's flags, given or not. Throws UserError. */
export function values<F extends Flags>(flags: F, texts: Texts): Values<F> {
  return Object.fromEntries(
    Object.entries(flags).map(([name, { parse }]) => [name, parse(texts.get(name) ?? [], name)]),
  ) as Values<F>
}

/** Throws UserError where a command is given more or fewer operands than its usage shows. */
export function countOperands(name: string, { operands = '' }: Command, given: readonly string[]): void {
  const shown = operands.split(' ').filter(word => word !== '')
  const least = shown.filter(word => !word.startsWith('[')).length
  const most = operands.includes('...') ? Number.POSITIVE_INFINITY : shown.length
  const usage = `usage: ${name}${operands && ` ${operands}`}`
  if (given.length < least)
    throw userError('missing-operand', `requires at least ${least} arg(s), only received ${given.length}`, usage)
  if (given.length > most) throw userError('too-many-operands', `"${given[most]}" is one argument too many`, usage)
}

interface Found {
  readonly table: number
  readonly name: string
  readonly takes?: string | undefined
}

const isFlag = (arg: string) => arg.startsWith('-') && arg !== '-'

function byName(tables: readonly Flags[], name: string): Found | undefined {
  const table = tables.findIndex(flags => Object.hasOwn(flags, name))
  return table < 0 ? undefined : { table, name, takes: tables[table]![name]!.takes }
}

function byLetter(tables: readonly Flags[], letter: string): Found | undefined {
  for (const [table, flags] of tables.entries())
    for (const [name, { short, takes }] of Object.entries(flags)) if (short === letter) return { table, name, takes }
  return undefined
}

function next(args: Iterator<string>, flag: string, takes: string): string {
  const { value, done } = args.next()
  if (done) throw userError('missing-flag-value', `flag needs an argument: ${flag}`, `give it ${takes}`)
  return value
}

function unknownFlag(arg: string, name: string, tables: readonly Flags[]): UserError {
  if (name === '') return userError('unknown-flag', `bad flag syntax: ${arg}`)
  const known = tables.flatMap(flags => Object.entries(flags).flatMap(([n, { hidden }]) => (hidden ? [] : [n])))
  const near = suggest(name, known)
  return userError('unknown-flag', `unknown flag: --${name}`, near && `did you mean "--${near}"?`)
}

function unknownLetter(arg: string, letter: string): UserError {
  return userError('unknown-flag', `unknown shorthand flag: '${letter}' in ${arg}`)
}
