import { resolve } from 'node:path'
import type { FileObject, Mapping, Project, Service } from '../model/project.ts'
import { decode } from '../text/encoding.ts'
import type { Origin } from '../text/origin.ts'
import type { Report } from '../text/problem.ts'
import type { Source, Span } from '../text/source.ts'
import type { Files } from './files.ts'
import { pathKey } from './origin.ts'
import { shownPath } from './shown-path.ts'
import { parseEnvFile, parseRawEnvFile, type Variable } from './variables/env-file.ts'

interface Outside {
  readonly files: Files
  readonly cwd: string
  readonly origin: Origin
  readonly report: Report
  /** Takes the places of what is found in files. */
  readonly places: Map<string, Span>
}

/** The project with `env_file` and `label_file` of its services read and laid under what the service says itself. */
export function withFileContents(project: Project, outside: Outside): Project {
  const services = Object.fromEntries(
    Object.entries(project.services).map(([name, service]) => [
      name,
      withLabels(name, withEnvironment(name, service, project, outside), project, outside),
    ]),
  )
  return { ...project, services }
}

function withEnvironment(name: string, service: Service, project: Project, outside: Outside): Service {
  const { env_file, ...rest } = service
  if (!env_file) return service
  const own: Mapping = service.environment ?? {}
  const found: Record<string, string> = {}
  env_file.forEach((file, index) => {
    if (!file.path) return // it has none, which is told
    const at = outside.origin.at(['services', name, 'env_file', String(index), 'path'])
    const source = sourceOf(file.path, file.required ?? true, 'env file', project, at, outside)
    if (!source) return
    const lookup = (variable: string) => project.environment[variable] ?? own[variable] ?? found[variable]
    let variables: ReadonlyMap<string, Variable>
    if (file.format === undefined || file.format === '') variables = parseEnvFile(source, lookup, outside.report)
    else if (file.format === 'raw') variables = parseRawEnvFile(source, lookup, outside.report)
    else {
      outside.report({
        code: 'bad-env-file',
        severity: 'error',
        message: `unsupported env_file format "${file.format}"`,
        hint: 'write "raw", or leave it out',
        ...placeOf(outside.origin, ['services', name, 'env_file', String(index), 'format']),
      })
      return
    }
    for (const [variable, { value, at }] of variables) {
      found[variable] = value
      if (!Object.hasOwn(own, variable)) outside.places.set(pathKey(['services', name, 'environment', variable]), at)
    }
  })
  return { ...rest, environment: { ...found, ...own } }
}

function withLabels(name: string, service: Service, project: Project, outside: Outside): Service {
  const { label_file } = service
  if (!label_file) return service
  const own = service.labels ?? {}
  const found: Record<string, string> = {}
  label_file.forEach((path, index) => {
    const at = outside.origin.at(['services', name, 'label_file', String(index)])
    const source = sourceOf(path, true, 'label file', project, at, outside)
    if (!source) return
    for (const [label, { value, at }] of parseEnvFile(source, label => found[label], outside.report)) {
      found[label] = value
      if (!Object.hasOwn(own, label)) outside.places.set(pathKey(['services', name, 'labels', label]), at)
    }
  })
  return { ...service, labels: { ...found, ...own } }
}

function placeOf(origin: Origin, path: readonly string[]): { readonly at?: Span } {
  const at = origin.at(path)
  return at ? { at } : {}
}

function sourceOf(
  path: string,
  required: boolean,
  what: string,
  project: Project,
  at: Span | undefined,
  { files, cwd, report }: Outside,
): Source | undefined {
  const full = resolve(project.working_dir, path)
  const found = files.stat(full)
  if (!found) {
    if (required)
      report({
        code: 'no-such-file',
        severity: 'error',
        message: `${what} ${full} not found`,
        hint:
          what === 'env file'
            ? 'create it, or write "required: false" beside its path'
            : 'create it, or check the path',
        ...(at && { at }),
      })
    return undefined
  }
  if (found.kind === 'directory') {
    report({
      code: 'is-directory',
      severity: 'error',
      message: `${what} ${full} is a directory`,
      hint: 'name a file in it',
      ...(at && { at }),
    })
    return undefined
  }
  return decode(shownPath(full, cwd), files.read(full)).source
}

/** The project with the values of variables that its secrets and configs name. */
export function withVariableContents(project: Project): Project {
  const filled = (objects: Readonly<Record<string, FileObject>>) =>
    Object.fromEntries(
      Object.entries(objects).map(([key, object]) => {
        const content = object.environment === undefined ? undefined : project.environment[object.environment]
        return [key, content === undefined ? object : { ...object, content }]
      }),
    )
  return { ...project, secrets: filled(project.secrets), configs: filled(project.configs) }
}
