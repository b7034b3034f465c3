import { suggest } from '../base/suggest.ts'
import { userError } from '../text/problem.ts'
import { withContextServices } from './build-contexts.ts'
import { dependencies } from './graph.ts'
import type { Project, Service } from './project.ts'

export interface Selection {
  /** Names or globs (`web*`); none given selects every enabled service. */
  readonly services?: readonly string[]
  /** Leave out what the named services need. */
  readonly noDeps?: boolean
  /** Keep networks, volumes and the like that no selected service uses. */
  readonly allResources?: boolean
}

/**
 * The part of a project that was asked for: the named services with what they need, and the resources that these use.
 * The other services move to `disabled`: declared, so their containers are no orphans.
 * Throws UserError `no-such-service`, once for each name that matches nothing.
 */
export function select(project: Project, { services: names = [], noDeps, allResources }: Selection): Project {
  const chosen = names.length ? chosenNames(project, names, noDeps) : new Set(Object.keys(project.services))
  const services: Record<string, Service> = {}
  const disabled: Record<string, Service> = { ...project.disabled }
  for (const [name, service] of Object.entries(project.services)) {
    if (chosen.has(name)) services[name] = names.length ? withDependenciesAmong(service, chosen) : service
    else disabled[name] = service
  }
  const selected = { ...project, services, disabled }
  return allResources ? selected : withoutUnused(selected)
}

function chosenNames(project: Project, names: readonly string[], noDeps: boolean | undefined): Set<string> {
  const enabled = Object.keys(project.services)
  const missing: string[] = []
  const open = names.flatMap(name => {
    const matches = Object.hasOwn(project.services, name) ? [name] : enabled.filter(matcher(name))
    if (!matches.length) missing.push(name)
    return matches
  })
  if (missing.length) throw noSuchService(project, missing)
  const chosen = new Set<string>()
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (chosen.has(name)) continue
    chosen.add(name)
    if (!noDeps)
      open.push(...[...dependencies(project.services[name]!).keys()].filter(n => Object.hasOwn(project.services, n)))
  }
  return chosen
}

function noSuchService(project: Project, names: readonly string[]) {
  const [first = ''] = names
  const off = Object.hasOwn(project.disabled, first) ? project.disabled[first]?.profiles : undefined
  const near = suggest(first, Object.keys(project.services))
  const hint = off?.length
    ? `"${first}" is off, its profiles are ${off.map(p => `"${p}"`).join(', ')}; turn one on with --profile`
    : near !== undefined
      ? `did you mean "${near}"?`
      : undefined
  return userError('no-such-service', `no such service: ${names.join(', ')}`, hint)
}

function matcher(glob: string): (name: string) => boolean {
  if (!/[*?[]/.test(glob)) return () => false
  const source = glob
    .replaceAll(/[.+^${}()|\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  try {
    const pattern = new RegExp(`^${source}$`)
    return name => pattern.test(name)
  } catch {
    return () => false // an unfinished [ matches nothing
  }
}

function withDependenciesAmong(service: Service, chosen: ReadonlySet<string>): Service {
  const { depends_on, ...rest } = service
  const kept = Object.entries(depends_on ?? {}).filter(([name]) => chosen.has(name))
  return kept.length ? { ...rest, depends_on: Object.fromEntries(kept) } : rest
}

/** The project without the networks, volumes, secrets, configs and models that none of its services uses. */
export function withoutUnused(project: Project): Project {
  const services = Object.values(project.services)
  const builds = Object.values(withContextServices(project).services).flatMap(service => service.build ?? [])
  const used = (names: (service: Service) => Iterable<string | undefined>) =>
    new Set(services.flatMap(service => [...names(service)]))
  const sources = (files: readonly { readonly source: string }[] | undefined) => (files ?? []).map(f => f.source)
  return {
    ...project,
    networks: only(
      project.networks,
      used(s => Object.keys(s.networks ?? {})),
    ),
    volumes: only(
      project.volumes,
      used(s => (s.volumes ?? []).flatMap(v => (v.type === 'volume' ? [v.source] : []))),
    ),
    secrets: only(
      project.secrets,
      new Set([...used(s => sources(s.secrets)), ...builds.flatMap(build => sources(build.secrets))]),
    ),
    configs: only(
      project.configs,
      used(s => [...sources(s.configs), s.credential_spec?.config]),
    ),
    models: only(
      project.models,
      used(s => Object.keys(s.models ?? {})),
    ),
  }
}

function only<T>(all: Readonly<Record<string, T>>, names: ReadonlySet<string | undefined>): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)))
}
