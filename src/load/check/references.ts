import { suggest } from '../../base/suggest.ts'
import { dependencies } from '../../model/graph.ts'
import type { Project, Service } from '../../model/project.ts'
import type { Complain } from './complain.ts'

/** Every name that a service speaks of must be declared. */
export function checkReferences(project: Project, name: string, service: Service, complain: Complain): void {
  const at = (...path: string[]) => ['services', name, ...path]
  const undefinedName = (
    kind: string,
    wanted: string,
    known: Readonly<Record<string, unknown>>,
    path: readonly string[],
  ) => {
    if (Object.hasOwn(known, wanted)) return
    const near = suggest(wanted, Object.keys(known))
    const hint = near === undefined ? `declare it under "${kind}s:" at the top level` : `did you mean "${near}"?`
    const declared =
      near === undefined
        ? { message: `${kind}s are declared here`, path: [`${kind}s`] }
        : { message: `"${near}" is declared here`, path: [`${kind}s`, near] }
    complain(`undefined-${kind}`, path, `service "${name}" refers to undefined ${kind} ${wanted}`, hint, [declared])
  }

  for (const network of Object.keys(service.networks ?? {}))
    undefinedName('network', network, { default: true, ...project.networks }, at('networks', network))
  service.volumes?.forEach((mount, i) => {
    if (mount.type === 'volume' && mount.source)
      undefinedName('volume', mount.source, project.volumes, at('volumes', String(i)))
  })
  service.configs?.forEach((config, i) =>
    undefinedName('config', config.source, project.configs, at('configs', String(i))),
  )
  if (service.credential_spec?.config)
    undefinedName('config', service.credential_spec.config, project.configs, at('credential_spec', 'config'))
  service.secrets?.forEach((secret, i) =>
    undefinedName('secret', secret.source, project.secrets, at('secrets', String(i))),
  )
  service.build?.secrets?.forEach((secret, i) =>
    undefinedName('secret', secret.source, project.secrets, at('build', 'secrets', String(i))),
  )
  for (const model of Object.keys(service.models ?? {}))
    undefinedName('model', model, project.models, at('models', model))
  checkDependencies(project, name, service, complain)
  checkContexts(project, name, service, complain)
}

function checkDependencies(project: Project, name: string, service: Service, complain: Complain): void {
  for (const [wanted, { road, required }] of dependencies(service)) {
    if (Object.hasOwn(project.services, wanted)) continue
    const path = ['services', name, road, ...(road === 'depends_on' ? [wanted] : [])]
    const off = Object.hasOwn(project.disabled, wanted) ? project.disabled[wanted] : undefined
    if (off) {
      if (!required) continue
      const profiles = (off.profiles ?? []).map(profile => `"${profile}"`).join(', ')
      complain(
        'service-off',
        path,
        `service "${name}" depends on undefined service "${wanted}": it is off, its profiles are ${profiles}`,
        `turn one on with --profile${road === 'depends_on' ? ', or write "required: false" for this dependency' : ''}`,
        [{ message: `"${wanted}" is declared here`, path: ['services', wanted] }],
      )
      continue
    }
    const near = suggest(
      wanted,
      Object.keys(project.services).filter(other => other !== name),
    )
    complain(
      'undefined-service',
      path,
      `service "${name}" depends on undefined service "${wanted}"`,
      near === undefined ? 'declare it under "services:"' : `did you mean "${near}"?`,
      near === undefined ? [] : [{ message: `"${near}" is declared here`, path: ['services', near] }],
    )
  }
}

function checkContexts(project: Project, name: string, service: Service, complain: Complain): void {
  for (const [context, from] of Object.entries(service.build?.additional_contexts ?? {})) {
    if (!from.startsWith('service:')) continue
    const wanted = from.slice('service:'.length)
    const path = ['services', name, 'build', 'additional_contexts', context]
    const target = Object.hasOwn(project.services, wanted) ? project.services[wanted] : undefined
    if (!target)
      complain(
        'undefined-service',
        path,
        `service "${name}" declares unknown service "${wanted}" as additional context ${context}`,
        suggestion(wanted, project),
      )
    else if (!target.build)
      complain(
        'no-build',
        path,
        `service "${wanted}" has no "build", so it cannot be an additional context of "${name}"`,
        'name a service that is built',
      )
  }
}

function suggestion(wanted: string, project: Project): string | undefined {
  const near = suggest(wanted, Object.keys(project.services))
  return near === undefined ? undefined : `did you mean "service:${near}"?`
}
