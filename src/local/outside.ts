import { dependencies, inOrder } from '../model/graph.ts'
import type { Model, Project } from '../model/project.ts'
import { draft, type Plan } from '../plan/plan.ts'
import type { Step } from './steps.ts'
import { serviceUnit } from './units.ts'

/** What programs beside the engine are asked for: by providers' names and models'. */
export type OutsideStep = Extract<Step, { op: 'call-provider' | 'pull-model' | 'configure-model' }>

/** Variables that are not in any file, by service. */
export type Told = ReadonlyMap<string, Readonly<Record<string, string>>>

/** Providers brought up, dependencies first, and models fetched: before anything that stands on them is looked at. */
export function outsidePlan(project: Project, present: (model: string) => boolean): Plan<Step> {
  const plan = draft<Step>()
  const made = new Map<string, number>()
  for (const service of providersIn(project)) {
    plan.change(serviceUnit(service), 'check', [{ code: 'asked', path: 'provider' }])
    const after = [...dependencies(project.services[service]!).keys()].map(name => made.get(name))
    made.set(service, plan.add(serviceUnit(service), { op: 'call-provider', service, command: 'up' }, [], ...after))
  }
  for (const { model = '', context_size, runtime_flags } of usedModels(project)) {
    const unit = { kind: 'model', name: model, short: model }
    const pulled = present(model) ? undefined : plan.add(unit, { op: 'pull-model', model }, [])
    plan.change(unit, pulled === undefined ? 'check' : 'pull', [{ code: pulled === undefined ? 'asked' : 'missing' }])
    const wishes = { ...(context_size !== undefined && { context_size }), ...(runtime_flags && { runtime_flags }) }
    plan.add(unit, { op: 'configure-model', model, ...wishes }, [], pulled)
  }
  return plan.done()
}

/** The plan, and when all of it is done, providers asked to take away or stop what is theirs, dependants first. */
export function withProviders(
  plan: Plan<Step>,
  project: Project,
  services: readonly string[],
  command: 'down' | 'stop',
): Plan<Step> {
  const steps = [...plan.steps]
  const changes = [...plan.changes]
  for (const service of providersIn(project)
    .filter(name => services.includes(name))
    .toReversed()) {
    const unit = serviceUnit(service)
    const step: Step = { op: 'call-provider', service, command }
    const after = steps.map(({ id }) => id)
    changes.push({ unit, verdict: command === 'down' ? 'remove' : 'stop', why: [{ code: 'asked' }] })
    steps.push({ id: steps.length + 1, step, unit, why: [{ code: 'asked' }], after })
  }
  return { ...plan, changes, steps }
}

/** Services that a provider runs, dependencies first. */
export function providersIn(project: Project): readonly string[] {
  return inOrder(project).filter(name => project.services[name]!.provider !== undefined)
}

/** Models that services use, each once. */
export function usedModels(project: Project): readonly Model[] {
  const names = new Set(Object.values(project.services).flatMap(s => Object.keys(s.models ?? {})))
  return [...names].flatMap(name => project.models[name] ?? [])
}

/** Services whose variables come from one of these providers. */
export function dependantsOn(project: Project, providers: readonly string[]): readonly string[] {
  const needs = (service: string) => [...dependencies(project.services[service]!).keys()]
  return Object.keys(project.services).filter(name => needs(name).some(other => providers.includes(other)))
}

/** `<REF>_MODEL` and `<REF>_URL`, or the names that a service gives them. */
export function modelVariables(project: Project, endpoint: string): Told {
  return new Map(
    Object.entries(project.services).map(([name, { models = {} }]) => [
      name,
      Object.fromEntries(
        Object.entries(models).flatMap(([reference, names]) => {
          const prefix = reference.toUpperCase().replaceAll('-', '_')
          return [
            [names?.model_var || `${prefix}_MODEL`, project.models[reference]?.model ?? ''],
            [names?.endpoint_var || `${prefix}_URL`, endpoint],
          ]
        }),
      ),
    ]),
  )
}

/** What was told wins over what files say, as with docker compose. */
export function withTold(project: Project, told: Told): Project {
  const services = Object.entries(project.services).map(([name, service]) => {
    const variables = told.get(name) ?? {}
    if (Object.keys(variables).length === 0) return [name, service] as const
    return [name, { ...service, environment: { ...service.environment, ...variables } }] as const
  })
  return { ...project, services: Object.fromEntries(services) }
}
