import { order } from '../base/dag.ts'
import { suggest } from '../base/suggest.ts'
import { dependencies } from '../model/graph.ts'
import { LABEL } from '../model/names.ts'
import type { Condition, Dependency, Project } from '../model/project.ts'
import { type UserError, userError } from '../text/problem.ts'
import type { ObservedContainer } from './observe.ts'

/** Who needs whom among the services of a project: as its files say, and where there are none, as its containers' labels do. */
export type Relations = ReadonlyMap<string, ReadonlyMap<string, Dependency>>

export function relations(containers: readonly ObservedContainer[], project: Project | undefined): Relations {
  const all = new Map<string, ReadonlyMap<string, Dependency>>()
  for (const c of containers) if (c.kind === 'replica') all.set(c.service, labelled(c.labels[LABEL.depends_on] ?? ''))
  for (const services of [project?.disabled, project?.services])
    for (const [name, service] of Object.entries(services ?? {})) all.set(name, dependencies(service))
  return all
}

/** `db:service_healthy:true,cache:service_started:false` */
function labelled(label: string): Map<string, Dependency> {
  const entries = label.split(',').filter(text => text !== '')
  return new Map(
    entries.map(entry => {
      const [name = '', condition = 'service_started', restart = 'false'] = entry.split(':')
      return [name, { condition: condition as Condition, restart: restart === 'true', required: true }]
    }),
  )
}

/** Neither a file nor a container knows the service. */
export function noSuchService(name: string, all: Relations): UserError {
  const near = suggest(name, all.keys())
  return userError('no-such-service', `no such service: ${name}`, near && `did you mean "${near}"?`)
}

/** Services, each after those that it needs. A cycle among labels (two versions of a file) is cut rather than refused. */
export function inOrderOf(all: Relations): readonly string[] {
  const seen = new Set<string>()
  return order(all.keys(), name => {
    seen.add(name)
    return [...(all.get(name)?.keys() ?? [])].filter(other => all.has(other) && !seen.has(other))
  })
}

/** The services named and, going along `next`, all that follow from them. */
export function closure(names: Iterable<string>, next: (name: string) => Iterable<string>): Set<string> {
  const found = new Set<string>()
  const open = [...names]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue
    found.add(name)
    open.push(...next(name))
  }
  return found
}

/** Services that need a service directly, where `when` holds for how they need it. */
export function dependantsOf(name: string, all: Relations, when: (d: Dependency) => boolean = () => true): string[] {
  return [...all]
    .filter(([, needs]) => {
      const need = needs.get(name)
      return need !== undefined && when(need)
    })
    .map(([dependant]) => dependant)
}
