import { Cycle } from '../../base/dag.ts'
import { dependencies, inOrder } from '../../model/graph.ts'
import type { Project, Service } from '../../model/project.ts'
import type { Origin } from '../../text/origin.ts'
import type { Report } from '../../text/problem.ts'
import { type Complain, complaining } from './complain.ts'
import { tellOddValues } from './odd-values.ts'
import { checkReferences } from './references.ts'
import { checkResources } from './resources.ts'
import { checkValues } from './values.ts'

export interface Checking {
  readonly origin: Origin
  readonly report: Report
  /** `services.web`: something in it could not be read, so what it seems to lack may be that. */
  readonly unread: ReadonlySet<string>
}

/** What needs two places to see: undefined names, cycles, attributes that exclude each other. Services that are off are not looked at. */
export function checkProject(project: Project, { origin, unread, report }: Checking): void {
  const complain = complaining('error', origin, report)
  const warn = complaining('warning', origin, report)
  checkResources(project, unread, complain)
  for (const [name, service] of Object.entries(project.services)) {
    checkReferences(project, name, service, complain)
    checkValues(name, service, unread.has(`services.${name}`), complain)
    tellOddValues(name, service, warn)
  }
  checkNames(project.services, complain)
  checkCycles(project.services, complain)
}

function checkNames(services: Readonly<Record<string, Service>>, complain: Complain): void {
  const taken = new Map<string, string>()
  for (const [name, { container_name }] of Object.entries(services)) {
    if (!container_name) continue
    const other = taken.get(container_name)
    if (other === undefined) taken.set(container_name, name)
    else
      complain(
        'duplicate-name',
        ['services', name, 'container_name'],
        `services.${name}: container name "${container_name}" is already in use by service ${other}`,
        'give each service a name of its own, or leave "container_name" out',
        [{ message: `"${other}" has it here`, path: ['services', other, 'container_name'] }],
      )
  }
}

function checkCycles(services: Readonly<Record<string, Service>>, complain: Complain): void {
  try {
    inOrder({ services })
  } catch (error) {
    if (!(error instanceof Cycle)) throw error
    const names = error.path as readonly string[]
    const shown = names.length > 12 ? [...names.slice(0, 10), '…', names.at(-1)!] : names
    const steps = names.slice(0, -1).map((name, i) => {
      const next = names[i + 1]!
      const road = dependencies(services[name]!).get(next)?.road ?? 'depends_on'
      return {
        message: `"${name}" needs "${next}"`,
        path: ['services', name, road, ...(road === 'depends_on' ? [next] : [])],
      }
    })
    const [first, ...others] = steps
    complain(
      'dependency-cycle',
      first!.path,
      `dependency cycle detected: ${shown.join(' -> ')}`,
      'remove one of these dependencies',
      others.slice(0, 10),
    )
  }
}
