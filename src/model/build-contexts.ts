import type { Build, Project } from './project.ts'

/** The services whose images a build stands on by `additional_contexts: {name: service:x}`. */
export function contextServices(build: Build | undefined): readonly string[] {
  return Object.values(build?.additional_contexts ?? {})
    .filter(from => from.startsWith('service:'))
    .map(from => from.slice('service:'.length))
}

/**
 * The project, and the services whose images others of it are built on, were they not chosen. What is not chosen is built
 * then, and not run.
 */
export function withContextServices(project: Project): Project {
  const services = { ...project.services }
  const open = Object.keys(services)
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const needed of contextServices(services[name]?.build)) {
      const service = project.disabled[needed]
      if (services[needed] || !service) continue
      services[needed] = service
      open.push(needed)
    }
  return { ...project, services }
}
