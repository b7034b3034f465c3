import { type Dashboard, fails, type LiveRow, servicesOf } from '../../actions/dashboard/dashboard.ts'
import { urlOf } from '../../actions/dashboard/keys.ts'
import { clean } from '../clean.ts'
import type { Colour, Paint } from '../paint.ts'
import { fit, width } from '../width.ts'
import { cell } from './wrap.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** The services that fit, the selected one among them, below their heads. */
export function serviceLines(state: Dashboard, { columns, rows }: Size, paint: Paint): readonly string[] {
  const names = servicesOf(state)
  const named = Math.min(20, Math.floor(columns / 3), Math.max(7, ...names.map(name => width(clean(name)))))
  const heads = `  ${cell('SERVICE', named)}  ${head}`
  const seen = Math.max(1, rows - 1)
  const at = names.indexOf(state.selected ?? '')
  const first = Math.max(0, Math.min(at - Math.floor(seen / 2), names.length - seen))
  const byService = Map.groupBy(state.containers, container => container.service)
  const lines = names.slice(first, first + seen).map(name => {
    const isSelected = name === state.selected
    const mark = isSelected ? '>' : ' '
    const label = cell(clean(name), named)
    const here = byService.get(name) ?? []
    const text = row(state, name, here, columns - named - 4, paint)
    return `${mark}${here.some(fails) ? paint('red', '!') : ' '}${isSelected ? paint('bold', label) : label}  ${text}`
  })
  if (names.length === 0) return [paint('dim', fit(heads, columns)), '  no services, and no containers']
  return [paint('dim', fit(heads, columns)), ...lines]
}

const wide = { state: 12, health: 9, cpu: 5, memory: 18, restarts: 8 } as const
const head = [
  cell('STATE', wide.state),
  cell('HEALTH', wide.health),
  'CPU'.padStart(wide.cpu),
  cell(' MEMORY', wide.memory),
  cell('RESTARTS', wide.restarts),
  'PORTS',
].join(' ')

function row(state: Dashboard, name: string, containers: readonly LiveRow[], columns: number, paint: Paint): string {
  const [text, colour] = stateOf(state, name, containers)
  const health = healthOf(containers)
  const used = containers.flatMap(c => (c.state === 'running' ? (state.usage.get(c.id) ?? []) : []))
  const cpus = used.reduce((sum, { cpus }) => sum + cpus, 0)
  const memory = used.reduce((sum, one) => sum + one.memory, 0)
  const limit = used.every(one => one.limit > 0) ? used.reduce((sum, one) => sum + one.limit, 0) : 0
  const restarts = containers.reduce((sum, one) => sum + one.restarts, 0)
  const taken = wide.state + wide.health + wide.cpu + wide.memory + wide.restarts + 5
  const full = limit > 0 && memory / limit > 0.9
  const cells: readonly (readonly [text: string, cells: number, colour: Colour | undefined])[] = [
    [text, Math.min(wide.state, columns), colour],
    [health, wide.health, health === 'unhealthy' ? 'red' : undefined],
    [(used.length > 0 ? `${(cpus * 100).toFixed(cpus < 0.1 ? 1 : 0)}%` : '').padStart(wide.cpu), wide.cpu, undefined],
    [memoryText(memory, limit, used.length), wide.memory, full ? 'red' : undefined],
    [restarts > 0 ? String(restarts) : '', wide.restarts, 'yellow'],
  ]
  // On a narrow screen the last ones are left out.
  const end = (last: number) => cells.slice(0, last + 1).reduce((sum, [, cells]) => sum + cells + 1, -1)
  const drawn = cells.filter((_, i) => end(i) <= columns)
  const shown = drawn.map(([text, cells, colour]) => (colour ? paint(colour, cell(text, cells)) : cell(text, cells)))
  return [...shown, ...(taken < columns ? [links(containers, columns - taken)] : [])].join(' ').trimEnd()
}

const memoryText = (memory: number, limit: number, samples: number): string =>
  samples === 0
    ? ''
    : ` ${binary(memory)}${limit > 0 ? `/${binary(limit)} ${Math.round((memory / limit) * 100)}%` : ''}`

/** "640K", "1.5G": limits are written in powers of two, and there is little room. */
function binary(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${value < 10 && power > 1 ? Number(value.toFixed(1)) : Math.round(value)}${'BKMGT'[power]}`
}

function stateOf(
  { project }: Dashboard,
  name: string,
  containers: readonly LiveRow[],
): readonly [text: string, colour: Colour] {
  const running = containers.filter(c => c.state === 'running').length
  if (containers.length === 0) return ['not created', 'dim']
  if (running === containers.length) {
    const text = running > 1 ? `${running} running` : 'running'
    return project && !Object.hasOwn(project.services, name) ? ['orphan', 'yellow'] : [text, 'green']
  }
  if (running > 0) return [`${running} of ${containers.length} run`, 'yellow']
  const { state, exitCode } = containers[0]!
  if (state === 'exited') return [`exited (${exitCode})`, exitCode === 0 ? 'dim' : 'red']
  return [state, state === 'created' ? 'dim' : 'yellow']
}

/** The worst of them. */
function healthOf(containers: readonly LiveRow[]): string {
  for (const health of ['unhealthy', 'starting', 'healthy'] as const)
    if (containers.some(c => c.state === 'running' && c.health === health)) return health
  return ''
}

/** Published ports as links, as many as fit. */
function links(containers: readonly LiveRow[], columns: number): string {
  const seen = new Map(
    containers.flatMap(c => c.ports.filter(p => p.published > 0).map(p => [`${p.published}->${p.target}`, p] as const)),
  )
  let left = columns
  const shown: string[] = []
  // Where there is little room, the port on the host is what one needs.
  const whole = [...seen.keys()].join(' ').length <= columns
  for (const [both, port] of seen) {
    const text = whole ? both : String(port.published)
    if (text.length > left) {
      if (left > 0) shown.push('…')
      break
    }
    left -= text.length + 1
    shown.push(port.protocol === 'tcp' ? linked(text, urlOf(port)) : text)
  }
  return shown.join(' ')
}

/** OSC 8: terminals that do not know it show the text. */
const linked = (text: string, url: string) => `\u001b]8;;${url}\u0007${text}\u001b]8;;\u0007`
