import { basename, dirname, resolve } from 'node:path'
import { type Report, userError } from '../text/problem.ts'
import type { Files } from './files.ts'
import { type LoadOptions, onWindows } from './options.ts'
import { remoteKind } from './remote/remote.ts'
import { type Environment, expandHome, processEnvironment, withEnvFiles } from './variables/variables.ts'

/** What a Compose file is called where nobody names it; the first one found is it. */
export const baseNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml']
const overrideNames = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
]

/** Where a project lies and what its variables are before any file of it is read. */
export interface Located {
  /** Absolute paths, `-` for standard input, and references to what lies elsewhere. */
  readonly files: readonly string[]
  readonly directory: string
  readonly environment: Environment
}

/** Finds a project's directory and environment, and its files where there are any. Throws UserError. */
export function locate(options: LoadOptions, files: Files, report: Report): Located {
  const { cwd } = options
  const given = options.project_directory ? resolve(cwd, expandHome(options.project_directory, options.env)) : undefined
  const named = options.files?.length ? options.files : undefined
  const known = directoryOf(given, named, cwd)
  let environment = withEnvFiles(processEnvironment(options), known, options, files, report)
  const paths =
    named?.map(path => namedFile(path, cwd, files)) ??
    fromSetting(environment, options, files) ??
    discover(given ?? cwd, files, report)
  const directory = directoryOf(given, paths, cwd)
  if (directory !== known) environment = withEnvFiles(environment, directory, options, files, report)
  return { files: paths, directory, environment }
}

function directoryOf(given: string | undefined, files: readonly string[] | undefined, cwd: string): string {
  if (given !== undefined) return given
  const first = files?.find(path => path !== '-' && !remoteKind(path))
  return first === undefined ? cwd : dirname(resolve(cwd, first))
}

function namedFile(path: string, cwd: string, files: Files): string {
  if (path === '-' || remoteKind(path)) return path
  const full = resolve(cwd, path)
  const found = files.stat(full)
  if (!found)
    throw userError(
      'no-such-file',
      `open ${full}: no such file or directory`,
      'check the path given by -f or COMPOSE_FILE',
    )
  if (found.kind === 'directory') throw userError('is-directory', `read ${full}: is a directory`, 'name a file in it')
  return full
}

function fromSetting(environment: Environment, options: LoadOptions, files: Files): readonly string[] | undefined {
  const setting = environment['COMPOSE_FILE']
  if (setting === undefined) return undefined
  const separator = environment['COMPOSE_PATH_SEPARATOR'] || (onWindows(options) ? ';' : ':')
  return setting.split(separator).map(path => namedFile(path, options.cwd, files))
}

/** The default names, here and then in each directory above. */
function discover(from: string, files: Files, report: Report): readonly string[] {
  for (let directory = from; ; directory = dirname(directory)) {
    const here = (names: readonly string[]) =>
      names.map(name => resolve(directory, name)).filter(path => files.stat(path))
    const bases = here(baseNames)
    const [base] = bases
    if (base !== undefined) {
      if (bases.length > 1) tellSeveral(bases, report)
      const overrides = here(overrideNames)
      if (overrides.length > 1) tellSeveral(overrides, report)
      return [base, ...overrides.slice(0, 1)].map(path => namedFile(path, directory, files))
    }
    if (dirname(directory) === directory) return []
  }
}

function tellSeveral(paths: readonly string[], report: Report): void {
  const names = paths.map(path => basename(path))
  report({
    code: 'several-files',
    severity: 'warning',
    message: `Found multiple config files with supported names: ${names.join(', ')}; using ${names[0]}`,
    hint: 'remove the others, or name the files with -f',
  })
}
