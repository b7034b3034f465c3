import { type Dashboard, servicesOf } from '../../actions/dashboard/dashboard.ts'
import { dependencies } from '../../model/graph.ts'
import { clean } from '../clean.ts'

/** The services as a tree: below each what it needs, and how much of it; whose own needs are shown elsewhere says so. */
export function treeLines({ project, containers }: Pick<Dashboard, 'project' | 'containers'>): readonly string[] {
  if (!project) return ['there is no compose file, and containers do not say what needs what']
  const { services } = project
  const needs = (name: string) => [...dependencies(services[name]!)].filter(([other]) => Object.hasOwn(services, other))
  const needed = new Set(Object.keys(services).flatMap(name => needs(name).map(([other]) => other)))
  const shown = new Set<string>()
  const lines: string[] = []
  const stateOf = (name: string) => {
    const here = containers.filter(c => c.service === name)
    const running = here.filter(c => c.state === 'running').length
    if (here.length === 0) return 'not created'
    return running === 0 ? here[0]!.state : `${running > 1 ? `${running} ` : ''}${here[0]!.health ?? 'running'}`
  }
  const draw = (name: string, before: string, inner: string, how: string): void => {
    const below = needs(name)
    const again = shown.has(name) && below.length > 0
    lines.push(`${before}${clean(name)}  ${stateOf(name)}${how}${again ? '  (as above)' : ''}`)
    if (again) return
    shown.add(name)
    for (const [i, [other, { condition, road }]] of below.entries()) {
      const last = i === below.length - 1
      const word = road === 'depends_on' ? (conditions[condition] ?? condition) : road
      draw(other, `${inner}${last ? '└─ ' : '├─ '}`, `${inner}${last ? '   ' : '│  '}`, `  (${word})`)
    }
  }
  for (const name of servicesOf({ project, containers: [] })) if (!needed.has(name)) draw(name, '', '', '')
  return lines.length > 0 ? lines : ['there are no services']
}

const conditions: Readonly<Record<string, string>> = {
  service_started: 'once it is started',
  service_healthy: 'once it is healthy',
  service_completed_successfully: 'once it has ended well',
}
