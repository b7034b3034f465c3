import { scaleOf } from '../../local/desired.ts'
import { type Command, commandOf, lineOf } from './commands.ts'
import { type Dashboard, holds, type Next, servicesOf, shownLines } from './dashboard.ts'

/** A key, what it does in two words, and the command it stands for just now. */
export interface Key {
  readonly key: string
  readonly does: string
  /** After the program's name; absent of keys that only move or look. */
  readonly line?: string
  /** It does nothing just now, and says why when it is pressed. */
  readonly idle?: boolean
}

/** The keys there are, each with the command it stands for. */
export function keysOf(state: Dashboard): readonly Key[] {
  const { selected = 'SERVICE', logs } = state
  const stands = (key: string, does: string, otherwise: string): Key => {
    const command = meant(state, key)
    return typeof command === 'string'
      ? { key, does, line: otherwise, idle: true }
      : { key, does, line: lineOf(command) }
  }
  return [
    stands('s', 'start', `start ${selected}`),
    stands('t', 'stop', `stop ${selected}`),
    stands('r', 'restart', `restart ${selected}`),
    stands('b', 'rebuild', `up --detach --build ${selected}`),
    stands('+', 'one more', `scale ${selected}=NUM`),
    stands('-', 'one less', `scale ${selected}=NUM`),
    stands('x', 'shell', `exec ${selected} sh`),
    stands('o', 'open port', `port ${selected} PORT`),
    stands('w', 'why it fails', `why ${selected}`),
    { key: 'p', does: 'plan', line: 'plan' },
    { key: 'a', does: 'apply', line: 'up --detach' },
    { key: 'l', does: 'logs', line: `logs --follow${logs.merged ? '' : ` ${selected}`}` },
    {
      key: 'm',
      does: logs.merged ? 'logs of one' : 'logs of all',
      line: `logs --follow${logs.merged ? ` ${selected}` : ''}`,
    },
    { key: 'g', does: 'graph', line: 'graph' },
    { key: 'e', does: 'what was told last', ...(state.account.told.length === 0 && { idle: true }) },
    { key: '/', does: 'search the logs' },
    { key: 'n', does: 'search further up' },
    { key: 'N', does: 'search further down' },
    { key: '&', does: 'show only lines with' },
    { key: 'f', does: logs.follow ? 'stop following' : 'follow the logs' },
    { key: '?', does: 'all keys' },
    { key: 'q', does: 'leave' },
  ]
}

/** What a key does to the dashboard. */
export function pressed(state: Dashboard, key: string): Next {
  if (key === 'ctrl-z') return { state, wish: { do: 'pause' } }
  if (state.question !== undefined) return answered(state, key)
  if (state.input) return typed(state, state.input, key)
  if (key === 'ctrl-c') return state.working ? { state, wish: { do: 'cancel' } } : { state, wish: { do: 'quit' } }
  if (key === 'q' || key === 'escape') return left(state, key)
  const moved = motion(state, key)
  if (moved) return { state: moved }
  const { logs } = state
  switch (key) {
    case 'l':
      return look(state, 'logs')
    case 'g':
      return look(state, 'graph')
    case '?':
      return look(state, 'keys')
    case 'e':
      return state.account.told.length > 0 ? look(state, 'account') : noted(state, 'nothing was told yet')
    case 'm':
      return { state: { ...state, logs: { ...logs, merged: !logs.merged, back: 0, follow: true } } }
    case 'f':
      return { state: { ...state, logs: { ...logs, follow: !logs.follow, back: 0 } } }
    case '/':
      return { state: { ...state, input: { of: 'search', text: '' } } }
    case '&':
      return { state: { ...state, input: { of: 'filter', text: logs.filter } } }
    case 'n':
      return { state: found(state, 1) }
    case 'N':
      return { state: found(state, -1) }
  }
  if (!actions.includes(key)) return { state }
  const command = meant(state, key)
  if (typeof command === 'string') return noted(state, command)
  const { working } = state
  if (working && command.verb !== 'open' && command.verb !== 'exec')
    return noted(state, `${commandOf(working.command)} is not done yet`)
  return { state, wish: { do: 'run', command } }
}

const actions = ['s', 't', 'r', 'b', '+', '-', 'x', 'o', 'w', 'p', 'a']

/** The command that a key stands for just now, or why it does nothing. */
function meant(state: Dashboard, key: string): Command | string {
  if (key === 'p' || key === 'a') {
    if (!state.project) return 'there is no compose file'
    return { verb: key === 'p' ? 'plan' : 'apply' }
  }
  const { selected: service, project } = state
  if (service === undefined) return 'there is no service'
  const here = state.containers.filter(c => c.service === service)
  const running = here.filter(c => c.state === 'running')
  const declared = project?.services[service]
  switch (key) {
    case 's':
      if (here.length === 0) return { verb: 'bring-up', service }
      return { verb: 'start', service }
    case 't':
      return here.some(c => !['created', 'exited', 'dead'].includes(c.state))
        ? { verb: 'stop', service }
        : `"${service}" does not run`
    case 'w':
      return here.length > 0 ? { verb: 'why', service } : `"${service}" has no container`
    case 'r':
      return here.length > 0 ? { verb: 'restart', service } : `"${service}" has no container`
    case 'b':
      if (!declared) return `"${service}" is not in the compose file`
      return declared.build ? { verb: 'rebuild', service } : `"${service}" builds no image`
    case '+':
    case '-': {
      if (!declared) return `"${service}" is not in the compose file`
      if (declared.container_name !== undefined) return `"${service}" has a container_name, so there can be only one`
      const now = here.length > 0 ? here.length : scaleOf(declared, undefined)
      if (here.length === 0)
        return key === '+' ? { verb: 'scale', service, number: 1 } : `"${service}" has no container`
      return { verb: 'scale', service, number: key === '+' ? now + 1 : now - 1 }
    }
    case 'x':
      return running.length > 0 ? { verb: 'exec', service } : `"${service}" does not run`
    default: {
      const port = running.flatMap(c => c.ports).find(p => p.published > 0 && p.protocol === 'tcp')
      if (!port) return `"${service}" publishes no port`
      return { verb: 'open', service, target: port.target, url: urlOf(port) }
    }
  }
}

/** Where a browser finds a port. */
export function urlOf({ ip, target, published }: { ip: string; target: number; published: number }): string {
  const host = ['', '0.0.0.0', '::', '127.0.0.1'].includes(ip) ? 'localhost' : ip.includes(':') ? `[${ip}]` : ip
  return `${target === 443 ? 'https' : 'http'}://${host}:${published}`
}

const noted = (state: Dashboard, note: string): Next => ({ state: { ...state, note } })

const look = (state: Dashboard, view: Dashboard['view']): Next => ({
  state: { ...state, view: state.view === view ? 'services' : view, offset: 0 },
})

function left(state: Dashboard, key: string): Next {
  if (state.view !== 'services') return { state: { ...state, view: 'services', offset: 0 } }
  const { filter, search } = state.logs
  if (key === 'escape')
    return filter || search ? { state: { ...state, logs: { ...state.logs, filter: '', search: '' } } } : { state }
  if (state.working) return noted(state, `${commandOf(state.working.command)} is not done yet: Ctrl-C cancels it`)
  return { state, wish: { do: 'quit' } }
}

function answered(state: Dashboard, key: string): Next {
  if (!['y', 'Y', 'n', 'N', 'q', 'escape', 'enter', 'ctrl-c'].includes(key)) return { state }
  const { question: _, ...rest } = state
  return { state: rest, wish: { do: 'answer', yes: key === 'y' || key === 'Y' } }
}

function typed(state: Dashboard, input: NonNullable<Dashboard['input']>, key: string): Next {
  const { input: _, ...rest } = state
  const { of, text } = input
  if (key === 'escape' || key === 'ctrl-c') return { state: rest }
  if (key === 'enter') {
    const logs = { ...state.logs, [of]: text, ...(of === 'filter' && { back: 0, follow: true }) }
    return { state: of === 'search' ? found({ ...rest, logs }, 0) : { ...rest, logs } }
  }
  if (key === 'backspace') return { state: { ...state, input: { of, text: [...text].slice(0, -1).join('') } } }
  if ([...key].length !== 1) return { state }
  return { state: { ...state, input: { of, text: text + key } } }
}

/** Moves to the nearest line that holds what is searched for: further up by 1, further down by -1, from the bottom by 0. */
function found(state: Dashboard, way: 1 | -1 | 0): Dashboard {
  const { search, back } = state.logs
  if (search === '') return { ...state, note: 'type "/" and what to search for' }
  const lines = shownLines(state).toReversed()
  const at = lines.flatMap((line, i) => (holds(line, search) ? [i] : []))
  const place = way === 0 ? at[0] : way === 1 ? at.find(i => i > back) : at.findLast(i => i < back)
  if (place === undefined) return { ...state, note: `no ${way === 0 ? '' : 'other '}line holds "${search}"` }
  return { ...state, logs: { ...state.logs, back: place, follow: false } }
}

const steps: Readonly<Record<string, number>> = {
  up: -1,
  k: -1,
  down: 1,
  j: 1,
  pageup: -10,
  pagedown: 10,
  home: -Infinity,
  end: Infinity,
}

function motion(state: Dashboard, key: string): Dashboard | undefined {
  const by = steps[key]
  if (by === undefined) return undefined
  if (state.view === 'logs') {
    const most = Math.max(0, shownLines(state).length - 1)
    const back = Math.max(0, Math.min(most, state.logs.back - by))
    return { ...state, logs: { ...state.logs, back, follow: back === 0 } }
  }
  // How tall a view is, drawing knows; it shows its end where this is too far.
  if (state.view !== 'services') return { ...state, offset: Math.max(0, Math.min(9999, state.offset + by)) }
  const names = servicesOf(state)
  const at = names.indexOf(state.selected ?? '')
  const selected = names[Math.max(0, Math.min(names.length - 1, at + by))]
  const logs = state.logs.merged ? state.logs : { ...state.logs, back: 0, follow: true }
  return { ...state, selected, logs }
}
