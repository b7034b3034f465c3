import type { Project, Service } from '../model/project.ts'

/** The profiles that are on: the flag's, else COMPOSE_PROFILES'. */
export function activeProfiles(
  given: readonly string[] | undefined,
  environment: Readonly<Record<string, string>>,
): readonly string[] {
  if (given?.length) return given
  return (environment['COMPOSE_PROFILES'] ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(Boolean)
}

/** Moves services that no active profile turns on to `disabled`. A service that was named counts as wanted, with its profiles. */
export function applyProfiles(
  project: Project,
  active: readonly string[],
  named: readonly string[],
  all: boolean,
): Project {
  const wanted = new Set(active)
  const asked = new Set(named)
  for (const name of named) for (const profile of project.services[name]?.profiles ?? []) wanted.add(profile)
  const on = (name: string, { profiles }: Service) =>
    all || !profiles?.length || wanted.has('*') || asked.has(name) || profiles.some(profile => wanted.has(profile))
  const services: Record<string, Service> = {}
  const disabled: Record<string, Service> = {}
  for (const [name, service] of Object.entries(project.services)) {
    if (on(name, service)) services[name] = service
    else disabled[name] = service
  }
  return { ...project, services, disabled, profiles: [...wanted] }
}
