import { resolve } from 'node:path'
import { parseDockerfile } from '../lint/dockerfile.ts'
import { type Finding, lint } from '../lint/lint.ts'
import { packs, type Rule } from '../lint/rule.ts'
import { rules } from '../lint/rules.ts'
import { scopeOf } from '../lint/scope.ts'
import { disk, type Files } from '../load/files.ts'
import { type LoadOptions, load } from '../load/load.ts'
import { shownPath } from '../load/shown-path.ts'
import type { Project } from '../model/project.ts'
import { nowhere } from '../text/origin.ts'
import { type Problem, UserError, userError } from '../text/problem.ts'
import type { Source } from '../text/source.ts'
import { loadedScope } from './loaded-scope.ts'

export interface CheckOptions {
  /** Of the project here; its `files` give way to a compose file that is named. */
  readonly load: LoadOptions
  /** Compose files and Dockerfiles as typed; the project where there are none. */
  readonly operands: readonly string[]
  readonly packs: readonly string[]
  readonly all: boolean
}

export interface Checked {
  readonly findings: readonly Finding[]
  /** Of what could not be read. */
  readonly errors: readonly Problem[]
  /** Where the files are that could be mended. */
  readonly paths: ReadonlyMap<Source, string>
}

/**
 * What rules say of a project, or of each file that is named, which is a project of its own. Reads files and nothing else.
 * Throws UserError for operands and packs that are none.
 */
export async function check({ load: options, operands, packs: asked, all }: CheckOptions): Promise<Checked> {
  for (const pack of asked)
    if (!(packs as readonly string[]).includes(pack))
      throw userError('bad-flag-value', `there is no pack "${pack}"`, `it takes ${packs.join(', ')}`)
  const files = options.filesystem ?? disk
  const chosen = rules.filter(({ star, pack }) => all || star || asked.includes(pack))
  const parts =
    operands.length === 0 ? [() => projectChecked(options, chosen)] : operands.map(operand => named(operand))
  const found: Checked[] = []
  for (const part of parts)
    try {
      found.push(await part())
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      found.push({ findings: [], errors: error.problems, paths: new Map() })
    }
  return {
    findings: found.flatMap(({ findings }) => findings),
    errors: found.flatMap(({ errors }) => errors),
    paths: new Map(found.flatMap(({ paths }) => [...paths])),
  }

  function named(operand: string): () => Promise<Checked> {
    const path = resolve(options.cwd, operand)
    if (!isDockerfile(operand)) return () => projectChecked({ ...options, files: [operand] }, chosen)
    const own = rules.filter(rule => chosen.includes(rule) || rule.pack === 'dockerfile')
    return async () => dockerfileChecked(path, own, files, options.cwd)
  }
}

const isDockerfile = (name: string) =>
  /(?:^|[/\\])(?:Dockerfile|Containerfile)[^/\\]*$|\.(?:dockerfile|containerfile)$/i.test(name)

async function projectChecked(options: LoadOptions, chosen: readonly Rule[]): Promise<Checked> {
  const loaded = await load(options)
  const scope = loadedScope(loaded, { ...options, disabled: true })
  const { project, written } = loaded
  const own = [...written].filter(
    ([path]) => project.files.includes(path) || path.startsWith(`${project.working_dir}/`),
  )
  const compose = new Map(own.flatMap(([path, [document]]) => (document ? [[document.at.source, path] as const] : [])))
  const paths = [
    ...compose,
    ...scope.dockerfiles.flatMap(({ source, path }) => (compose.has(source) ? [] : [[source, path] as const])),
  ]
  return {
    findings: lint(scope, chosen, { warnings: loaded.problems, known: rules }),
    errors: [],
    paths: new Map(paths),
  }
}

function dockerfileChecked(path: string, chosen: readonly Rule[], files: Files, cwd: string): Checked {
  const source = { name: shownPath(path, cwd), text: Buffer.from(files.read(path)).toString('utf8') }
  const scope = scopeOf({
    project: { ...nothing, working_dir: cwd },
    at: nowhere.at,
    documents: [],
    disabled: true,
    files,
    dockerfiles: [parseDockerfile(path, source)],
    shown: name => shownPath(name, cwd),
  })
  return { findings: lint(scope, chosen, { known: rules }), errors: [], paths: new Map([[source, path]]) }
}

const nothing: Project = {
  name: '',
  working_dir: '',
  files: [],
  env_files: [],
  environment: {},
  profiles: [],
  services: {},
  disabled: {},
  networks: {},
  volumes: {},
  secrets: {},
  configs: {},
  models: {},
  extensions: {},
}
