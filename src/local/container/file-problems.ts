import type { FileObject, FileReference, Project, Service } from '../../model/project.ts'
import { nowhere, type Origin } from '../../text/origin.ts'
import type { Problem } from '../../text/problem.ts'
import { asksForOwner, type Contents, hiddenBy, isPut } from './file-contents.ts'
import { configTarget, secretTarget } from './mounts.ts'

type Kind = 'secrets' | 'configs'

/** What stands in the way of giving services their secrets and configs; warnings name what has no effect. */
export function fileProblems(project: Project, origin: Origin = nowhere, contents?: Contents): readonly Problem[] {
  return (['secrets', 'configs'] as const).flatMap(kind => {
    const used = new Set(
      Object.values(project.services)
        .flatMap(s => s[kind] ?? [])
        .map(reference => reference.source),
    )
    const declared = [...used].toSorted().flatMap(key => ofDeclared(kind, key, project[kind][key], origin))
    const referred = Object.entries(project.services).flatMap(([name, service]) =>
      (service[kind] ?? []).flatMap((_, i) => ofReference(project, kind, name, i, origin, contents)),
    )
    return [...declared, ...referred]
  })
}

/** One engine has no store of secrets: what names one is refused. */
function ofDeclared(kind: Kind, key: string, file: FileObject | undefined, origin: Origin): readonly Problem[] {
  if (!file) return []
  const one = kind.slice(0, -1)
  const refuse = (attribute: string, why: string, hint: string) => [
    problem('unsupported', `${one} "${key}" ${why}`, origin, [kind, key, attribute], hint),
  ]
  const instead = `give the ${one} a "file", "environment"${kind === 'configs' ? ' or "content"' : ''}`
  if (file.external) return refuse('external', 'is external, and only a swarm keeps those', instead)
  if (file.driver) return refuse('driver', 'has a driver, which only a swarm uses', instead)
  if (file.template_driver) return refuse('template_driver', 'is a template, which only a swarm fills in', instead)
  if (file.environment !== undefined && file.content === undefined)
    return refuse(
      'environment',
      `needs the variable "${file.environment}", which is not set`,
      'set it, or add it to .env',
    )
  return []
}

function ofReference(
  project: Project,
  kind: Kind,
  name: string,
  index: number,
  origin: Origin,
  contents: Contents | undefined,
): readonly Problem[] {
  const service = project.services[name]!
  const reference = service[kind]![index]!
  const file = project[kind][reference.source]
  const path = ['services', name, kind, String(index)]
  const one = kind.slice(0, -1)
  const what = `${one} "${reference.source}" of service "${name}"`
  if (!file) return []
  const target = (kind === 'secrets' ? secretTarget : configTarget)(reference)
  const hidden = hiddenBy(service, target)
  if (file.file !== undefined) {
    if (!asksForOwner(reference)) return []
    if (!isPut(service, reference, file.file, target, contents))
      return [unowned(what, reference, service, hidden, origin, path)]
  } else if (!file.content) return []
  else if (service.read_only) {
    const hint = `give the ${one} a "file", or leave out "read_only"`
    return [problem('unsupported', `${what} cannot be put into a read-only container`, origin, path, hint)]
  } else if (hidden !== undefined) {
    const hint = `give it a "target" outside of "${hidden}"`
    return [problem('unsupported', `${what} would be hidden by the tmpfs at "${hidden}"`, origin, path, hint)]
  }
  return (['uid', 'gid'] as const)
    .filter(key => !isNumber(reference, key))
    .map(key => problem('unsupported', `"${key}" of ${what} is not a number`, origin, path))
}

/** A file that must be mounted keeps its own owner and mode. */
function unowned(
  what: string,
  reference: FileReference,
  service: Service,
  hidden: string | undefined,
  origin: Origin,
  path: readonly string[],
): Problem {
  const keys = (['uid', 'gid', 'mode'] as const).filter(key => reference[key] !== undefined)
  const why = service.read_only
    ? 'a read-only container is given it as it is'
    : hidden !== undefined
      ? `what is put there is hidden by the tmpfs at "${hidden}"`
      : 'it is no file that can be read here'
  const quoted = keys.map(key => `"${key}"`).join(', ')
  const message = `${quoted} of ${what} ${keys.length > 1 ? 'have' : 'has'} no effect: ${why}`
  return { ...problem('no-effect', message, origin, path), severity: 'warning' }
}

function isNumber(reference: FileReference, key: 'uid' | 'gid'): boolean {
  return /^\d*$/.test(reference[key] ?? '')
}

function problem(code: string, message: string, origin: Origin, path: readonly string[], hint?: string): Problem {
  const at = origin.at(path)
  return { code, severity: 'error', message, ...(hint !== undefined && { hint }), ...(at && { at }) }
}
