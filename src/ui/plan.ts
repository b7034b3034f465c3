import type { Stage } from '../actions/event.ts'
import { codeWords } from '../base/exit-code.ts'
import type { Change, Reason } from '../plan/plan.ts'
import { placed, position } from '../text/source.ts'
import { clean } from './clean.ts'
import type { Colour, Paint } from './paint.ts'
import { fit } from './width.ts'

/**
 * A plan for reading: a line a change, and one more for each further reason. Empty where there is nothing to do. `brief` leaves
 * out what the user asked for in so many words and what follows anyway, but for what holds data.
 */
export function planText(stages: readonly Stage[], paint: Paint, { brief = false } = {}): string {
  const changes = stages.flatMap(stage => stage.outline.changes).filter(change => !brief || !isPlain(change))
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

const isPlain = ({ unit, why }: Change) =>
  unit.kind !== 'volume' && why.length > 0 && why.every(r => r.code === 'asked')

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
export function reasonText(reason: Reason): string {
  const sentence = sentences[reason.code]
  if (sentence) return clean(sentence(reason))
  return [reason.path, reason.code.replaceAll('-', ' '), values(reason)]
    .filter(Boolean)
    .map(part => clean(part!))
    .join(' ')
}

const quoted = (text: string) => fit(clean(JSON.stringify(text)), 60)

function values({ from, to }: Reason): string {
  if (from === undefined) return to === undefined ? '' : `-> ${quoted(to)}`
  return `${quoted(from)} ->${to === undefined ? '' : ` ${quoted(to)}`}`
}

/** For each code of local/judge/reasons.ts what its name alone does not say. */
const sentences: Readonly<Record<string, (reason: Reason) => string>> = {
  missing: () => 'does not exist yet',
  changed: reason => `${reason.path ?? ''} ${values(reason) || 'changed'}`.trim(),
  forced: ({ path }) => `asked for by ${path ?? 'a flag'}`,
  policy: ({ path, to }) => `${path ?? 'its policy'} ${to === undefined ? '' : `${quoted(to)} `}asks for it`,
  'not-pulled': () => 'if it cannot be pulled',
  orphan: () => 'not in the compose file',
  'scaled-down': ({ to }) => `more than the ${to ?? 'number'} asked for`,
  copied: ({ to }) => to ?? '',
  leftover: () => 'left by an interrupted run',
  undone: ({ path }) => `${path ?? 'what follows its start'} left undone by an earlier run`,
  duplicate: () => 'another container has its number',
  twin: () => 'there is another of its name',
  created: () => 'was never started',
  exited: ({ from }) => (from === undefined ? 'has ended' : `has ended with ${codeWords(Number(from))}`),
  dead: () => 'its removal was begun',
  stuck: () => 'the engine was killed while it started it, and cannot any more',
  detached: ({ path }) => `not connected to ${path ?? 'its network'}`,
  renamed: reason => `${reason.path ?? 'name'} ${values(reason)}`,
  'parent-replaced': ({ path, to }) => `${path ?? 'its namespace'} of "${to}", which is replaced`,
  'parent-started': ({ to }) => `shares with "${to}", which starts again`,
  'dependency-replaced': ({ to }) =>
    to === undefined ? 'what it depends on is replaced' : `depends on "${to}", which is replaced`,
  'network-recreated': ({ path }) => `${path ?? 'its network'} is made anew`,
  'volume-recreated': ({ to }) => (to === undefined ? 'its volume is made anew' : `volume "${to}" is made anew`),
  'if-changed': ({ path, to }) => `only if ${path ?? 'it'}${to === undefined ? '' : ` ${quoted(to)}`} changes`,
  'data-goes': () => 'its data goes with it',
  asked: () => '',
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
