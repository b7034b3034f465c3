import type { Stage } from '../actions/event.ts'
import type { Change, Reason } from '../plan/plan.ts'
import { placed, position } from '../text/source.ts'
import { clean } from './clean.ts'
import type { Colour, Paint } from './paint.ts'
import { fit } from './width.ts'

/** A plan for reading: a line a change, and one more for each further reason. Empty where there is nothing to do. */
export function planText(stages: readonly Stage[], paint: Paint): string {
  const changes = stages.flatMap(stage => stage.outline.changes)
  const rows = changes.flatMap(change => rowsOf(change))
  const wide = (column: 'name' | 'verdict' | 'why', most: number) =>
    Math.max(0, ...rows.map(row => row[column].length).filter(length => length <= most))
  const [name, verdict, why] = [wide('name', 60), wide('verdict', 20), wide('why', 60)]
  return rows
    .map(row => {
      const cells = [
        row.name.padEnd(name),
        row.verdict.padEnd(verdict),
        row.place ? row.why.padEnd(why) : row.why,
        row.place && paint('dim', row.place),
      ]
      const text = cells.join('  ').trimEnd()
      return `${row.sign ? paint(row.colour, row.sign) : ' '} ${text}\n`
    })
    .join('')
}

/** A plan for programs. `version` grows when a reader would have to know. */
export function planJson(stages: readonly Stage[]): Record<string, unknown> {
  return {
    version: 1,
    stages: stages.map(({ name, outline }) => ({
      name,
      changes: outline.changes.map(({ unit, verdict, why }) => ({ unit, verdict, reasons: why.map(reasonJson) })),
      steps: outline.steps.map(({ id, unit, op, why, after }) => ({
        id,
        unit,
        op,
        reasons: why.map(reasonJson),
        after,
      })),
    })),
  }
}

interface Row {
  readonly sign: string
  readonly colour: Colour
  readonly name: string
  readonly verdict: string
  readonly why: string
  readonly place: string
}

function rowsOf({ unit, verdict, why }: Change): Row[] {
  const [sign, colour] = signs[verdict] ?? ['~', 'yellow']
  const reasons = why.length > 0 ? why : [undefined]
  return reasons.map((reason, i) => ({
    sign: i === 0 ? sign : '',
    colour,
    name: i === 0 ? clean(unit.short) : '',
    verdict: i === 0 ? verdict : '',
    why: reason ? reasonText(reason) : '',
    place: reason?.at ? placed(reason.at) : '',
  }))
}

const signs: Readonly<Record<string, readonly [string, Colour]>> = {
  create: ['+', 'green'],
  remove: ['-', 'red'],
  start: ['>', 'green'],
  stop: ['<', 'red'],
  pull: ['*', 'cyan'],
  build: ['*', 'cyan'],
  check: ['?', 'dim'],
}

/** Why, in words: `environment.LOG_LEVEL "info" -> "debug"`. */
export function reasonText({ code, path, from, to }: Reason): string {
  const words = reasons[code] ?? code.replaceAll('-', ' ')
  const change =
    from !== undefined && to !== undefined
      ? `${value(from)} -> ${value(to)}`
      : to !== undefined
        ? `-> ${value(to)}`
        : from !== undefined
          ? `${value(from)} ->`
          : ''
  if (path !== undefined)
    return [clean(path), change || (words === 'changed' ? words : ''), code === 'changed' ? '' : `(${words})`]
      .filter(Boolean)
      .join(' ')
  return [words, change].filter(Boolean).join(' ')
}

const value = (text: string) => fit(clean(JSON.stringify(text)), 60)

/** A sentence for each code of local/reasons.ts that says more than its own name. `changed` is told by its path and values. */
const reasons: Readonly<Record<string, string>> = {
  missing: 'does not exist yet',
  changed: 'changed',
  forced: 'asked for by a flag',
  orphan: 'not in the compose file',
  'scaled-down': 'more than asked for',
  leftover: 'left by an interrupted run',
  duplicate: 'another container has its number',
  created: 'was never started',
  exited: 'has ended',
  dead: 'its removal was begun',
  detached: 'not connected',
  renamed: 'has another name now',
  'parent-replaced': 'shares with a container that is replaced',
  'parent-started': 'shares with a container that starts again',
  'dependency-replaced': 'depends on a container that is replaced',
  'network-recreated': 'its network is made anew',
  'volume-recreated': 'its volume is made anew',
  'if-changed': 'only if it changes',
  asked: '',
}

function reasonJson({ code, path, from, to, at }: Reason): Record<string, unknown> {
  return {
    code,
    ...(path !== undefined && { path }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(at && { at: { file: at.source.name, ...position(at) } }),
  }
}
