import { commandOf } from '../../actions/dashboard/commands.ts'
import { type Dashboard, fails, servicesOf } from '../../actions/dashboard/dashboard.ts'
import { type Key, keysOf } from '../../actions/dashboard/keys.ts'
import { buildCard } from '../build.ts'
import { clean } from '../clean.ts'
import { failureCard } from '../failure.ts'
import { findingText } from '../findings.ts'
import { narrator } from '../narrate.ts'
import { type Paint, paint as painting } from '../paint.ts'
import { planText } from '../plan.ts'
import { problemText } from '../problems.ts'
import { fit, width } from '../width.ts'
import { count } from '../words.ts'
import { logLines, logTitle } from './log-lines.ts'
import { type Size, serviceLines } from './services.ts'
import { treeLines } from './tree.ts'
import { packed, wrap } from './wrap.ts'

/** What a dashboard looks like on a screen of a size: that many lines at most, none of them wider. */
export function frame(state: Dashboard, { columns, rows }: Size, paint: Paint): readonly string[] {
  const foot = footLines(state, { columns, rows }, paint)
  // A screen that is too low keeps what is being asked.
  const room = Math.max(0, rows - foot.length - 1)
  const body = bodyLines(state, { columns, rows: room }, paint).slice(0, room)
  const filled = [...body, ...Array.from({ length: room - body.length }, () => '')]
  return [title(state, columns, paint), ...filled, ...foot].slice(0, rows)
}

function title({ name, ...state }: Dashboard, columns: number, paint: Paint): string {
  const room = Math.max(1, columns - 2 - Math.min(30, width(name)))
  if (state.away)
    return `${paint('bold', fit(clean(name), 30))}  ${paint('red', fit('the engine does not answer, waiting for it', room))}`
  const running = state.containers.filter(c => c.state === 'running').length
  const said = `${count(servicesOf(state).length, 'service')}, ${running} of ${count(state.containers.length, 'container')} ${running === 1 ? 'runs' : 'run'}`
  return `${paint('bold', fit(clean(name), 30))}  ${fit(said, room)}`
}

function bodyLines(state: Dashboard, { columns, rows }: Size, paint: Paint): readonly string[] {
  const { view } = state
  if (view === 'services') {
    const all = servicesOf(state).length
    const table = Math.min(all + 1, Math.max(3, Math.floor(rows / 2)))
    const heading = rule(logTitle(state), columns, paint)
    const logs = logLines(state, { columns, rows: Math.max(1, rows - table - 1) }, paint, false)
    return [...serviceLines(state, { columns, rows: table }, paint), heading, ...logs]
  }
  if (view === 'logs')
    return [rule(logTitle(state), columns, paint), ...logLines(state, { columns, rows: rows - 1 }, paint, true)]
  const [heading, lines] = page(state)
  const whole = lines.flatMap(line => wrap(line, columns))
  const seen = rows - 1
  const first = Math.max(0, Math.min(state.offset, whole.length - seen))
  const more = whole.length - first - seen
  const shown = whole.slice(first, first + seen)
  return [
    rule(more > 0 ? `${heading} · ${count(more, 'line')} below` : heading, columns, paint),
    ...shown.map(line => (line.startsWith('✘') ? paint('red', line) : line)),
  ]
}

const rule = (text: string, columns: number, paint: Paint) =>
  paint('dim', fit(`── ${text} ${'─'.repeat(columns)}`, columns + 1).slice(0, columns))

/** A view of text alone. */
function page(state: Dashboard): readonly [heading: string, lines: readonly string[]] {
  switch (state.view) {
    case 'graph':
      return ['what needs what (gantry graph)', treeLines(state)]
    case 'plan': {
      const text = planText(state.stages ?? [], plain)
      return [
        'what would change (gantry plan)',
        text === '' ? ['nothing to do'] : [...linesOf(text), '', 'a does it: gantry up --detach'],
      ]
    }
    case 'account':
      return [accountTitle(state), state.account.told.flatMap(told => linesOf(toldText(told)))]
    case 'keys':
    case 'services':
    case 'logs':
      return ['keys, and the commands they stand for', keysOf(state).map(keyLine)]
  }
}

const plain = painting(false)
const linesOf = (text: string) => text.trimEnd().split('\n')

function accountTitle({ account: { command, failed } }: Dashboard): string {
  if (!command) return 'what was told'
  return failed ? `${commandOf(command)} failed` : commandOf(command)
}

function toldText(told: Dashboard['account']['told'][number]): string {
  switch (told.type) {
    case 'problem':
      return problemText(told.problem, plain)
    case 'container-failed':
      return failureCard(told, plain) || `✘ ${clean(told.container)}: ${clean(told.cause)}\n`
    case 'finding':
      return findingText(told.finding, plain)
    case 'build-failed':
      return buildCard(told, plain)
  }
}

const keyLine = ({ key, does, line }: Key) =>
  `${key.padEnd(3)} ${does.padEnd(22)}${line === undefined ? '' : `gantry ${line}`}`.trimEnd()

/** What is said or asked, and the keys. */
function footLines(state: Dashboard, { columns, rows }: Size, paint: Paint): readonly string[] {
  const said = paint('bold', fit(saying(state), columns))
  if (state.question !== undefined) return [...wrap(clean(state.question), columns), said]
  const keys = keysOf(state).filter(({ idle }) => !idle)
  const named = (...wanted: readonly string[]) =>
    wanted.flatMap(key => keys.filter(one => one.key === key)).map(({ key, does }) => `${key} ${does}`)
  const hints = {
    services: [
      ...keys.flatMap(({ key, line }) => (line === undefined || key === 'm' ? [] : [`${key} ${line}`])),
      ...named('m', '/', '&', 'f', 'e', '?', 'q'),
    ],
    logs: [...named('m', '/', 'n', 'N', '&', 'f'), 'l or q back'],
    plan: ['a up --detach', 'q back'],
    graph: ['g or q back'],
    account: ['e or q back'],
    keys: ['? or q back'],
  }
  const all = packed(hints[state.view], columns)
  // A low screen is for what there is to see; all keys are a key away.
  const most = Math.max(1, Math.floor(rows / 5))
  const shown = all.length > most ? packed([...named('?', 'q'), ...hints[state.view]], columns).slice(0, most) : all
  return [said, ...shown.map(line => paint('dim', line))]
}

function saying(state: Dashboard): string {
  const { question, input, working, note, account, view, selected, containers } = state
  if (question !== undefined) return 'y yes, any other answer is no (n)'
  if (input) return input.of === 'search' ? `search: ${clean(input.text)}_` : `only lines with: ${clean(input.text)}_`
  if (note !== '') return clean(note)
  if (working) {
    const told = working.step && narrator()(working.step)
    return `${commandOf(working.command)} …${told ? `  ${told.id} ${told.text}` : ''}  (Ctrl-C cancels)`
  }
  if (account.failed && view !== 'account' && account.command)
    return `${commandOf(account.command)} failed: e shows why`
  if (view === 'services' && containers.some(c => c.service === selected && fails(c)))
    return `something is wrong with ${clean(selected ?? '')}: w says why`
  return ''
}
