import { homedir } from 'node:os'
import { dirname } from 'node:path'
import type { Project } from '../model/project.ts'
import { compose } from '../spec/file.ts'
import type { Node } from '../text/node.ts'
import type { Origin } from '../text/origin.ts'
import { type Problem, userError } from '../text/problem.ts'
import type { Span } from '../text/source.ts'
import { assemble } from './assemble.ts'
import { checkProject } from './check/check.ts'
import { withFileContents, withVariableContents } from './content.ts'
import { disk, followed } from './files.ts'
import { type Located, locate } from './locate.ts'
import { directoryName, givenName, writtenName } from './name.ts'
import { normalize, withBareNames } from './normalize.ts'
import { type LoadOptions, onWindows } from './options.ts'
import { originOf } from './origin.ts'
import { withPlatformPaths } from './platform-paths.ts'
import { collectProblems, type Problems } from './problems.ts'
import { activeProfiles, applyProfiles } from './profiles.ts'
import { documentsOf, type Reading } from './reading.ts'
import { isWithin } from './remote/inside.ts'
import { filesHere, remoteParts } from './remote/parts.ts'
import { type RemoteUse, remoteUse } from './remote/use.ts'
import { contextOf } from './tree.ts'
import { platformEnvironment } from './variables/platform-environment.ts'
import { namedEnvFiles } from './variables/variables.ts'

export type { LoadOptions } from './options.ts'

export interface Loaded {
  readonly project: Project
  readonly origin: Origin
  /** Warnings only. */
  readonly problems: readonly Problem[]
  /** Of a project that lies elsewhere. */
  readonly remote?: RemoteUse
  /** The documents of each file that was read, as they are written. */
  readonly written: ReadonlyMap<string, readonly Node[]>
}

/** A project out of its files. Throws UserError with all that is wrong with them, and nothing else. */
export async function load(options: LoadOptions): Promise<Loaded> {
  const problems = collectProblems()
  const read = await readProject(options, problems)
  const places = new Map<string, Span>()
  const origin = originOf(read.tree, places)
  const { without } = options
  const active = activeProfiles(options.profiles, read.environment)
  const { files, windows } = read.reading
  const written = decode(read, options)
  const decoded = without?.has('path-resolution')
    ? written
    : withPlatformPaths(written, { windows, real: path => followed(path, files) })
  const enabled = applyProfiles(decoded, active, options.services ?? [], options.all_profiles ?? false)
  const unread = new Set(read.reading.parts.filter(part => problems.errorWithin(part.at)).map(part => part.path))
  if (!without?.has('consistency')) checkProject(enabled, { origin, unread, report: problems.report })
  const filled = withVariableContents(withBareNames(enabled))
  const normal = without?.has('normalize') ? filled : normalize(filled)
  const outside = { files: read.reading.files, cwd: options.cwd, origin, report: problems.report, places }
  const complete = without?.has('env-resolution') ? normal : withFileContents(normal, outside)
  problems.check()
  const remote = remoteUse(read.named, read.environment, options, read.reading)
  const documents = read.reading.documents
  return { project: complete, origin, problems: problems.warnings(), ...(remote && { remote }), written: documents }
}

export interface Read {
  readonly tree: Node
  readonly reading: Reading
  readonly name: string
  readonly directory: string
  readonly files: readonly string[]
  /** The files as they were named, references to what lies elsewhere among them. */
  readonly named: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** Everything that was written, as one canonical tree. */
export async function readProject(options: LoadOptions, problems: Problems): Promise<Read> {
  const filesystem = options.filesystem ?? disk
  const { without } = options
  const located = problems.catching(() => locate(options, filesystem, problems.report))
  if (!located.files.length)
    throw userError(
      'no-file',
      'no configuration file provided: not found',
      'write a compose.yaml here, or name one with -f',
    )
  problems.keepSecret(located.environment)
  const stdin = located.files.includes('-') ? ((await options.stdin?.()) ?? '') : undefined
  const remote = remoteParts(options)
  const start = (): Reading => ({
    cwd: options.cwd,
    home: options.env['HOME'] ?? homedir(),
    windows: onWindows(options),
    files: filesystem,
    report: problems.report,
    stdin,
    interpolate: !without?.has('interpolate'),
    resolvePaths: !without?.has('path-resolution'),
    documents: new Map(),
    includes: { count: 0 },
    parts: [],
    remote,
  })
  return remote.complete(() => readLocated(located, start(), options, problems), problems.mark())
}

function readLocated(located: Located, reading: Reading, options: LoadOptions, problems: Problems): Read {
  const files = filesHere(located, reading, problems)
  const directory = directoryOf(located, files, reading)
  const documents = files.flatMap(path => documentsOf(path, reading))
  const given = options.project_name || located.environment['COMPOSE_PROJECT_NAME']
  const written = given ? undefined : writtenName(documents, name => located.environment[name])
  const name = given
    ? givenName(given, options.project_name ? '--project-name' : 'COMPOSE_PROJECT_NAME')
    : (written ?? directoryName(located.directory))
  if (!name)
    problems.report({
      code: 'empty-project-name',
      severity: 'error',
      message: 'project name must not be empty',
      hint: 'give one with "name:" or -p',
    })
  else if (!given && !written) tellLink(name, located.directory, reading)
  const environment = platformEnvironment({ ...located.environment, COMPOSE_PROJECT_NAME: name }, reading.windows)
  const tree = problems.catching(() => assemble({ paths: files, directory, environment, chain: [] }, reading))
  if (!tree || tree.entries.size === 0) {
    problems.report({
      code: 'empty-file',
      severity: 'error',
      message: 'empty compose file',
      hint: 'write "services:" and a service under it',
    })
    throw problems.error()
  }
  // What is not to be read is not read to be told more about; and what a missing part would declare is nobody's mistake.
  if (!isWithin(tree, directory, reading) || reading.remote.incomplete()) throw problems.error()
  return { tree, reading, name, directory, files, named: located.files, environment }
}

/** From where a link leads, the same files would be another project. */
function tellLink(name: string, directory: string, { files, report }: Reading): void {
  const real = directoryName(files.real(directory))
  if (real === name) return
  report({
    code: 'name-of-a-link',
    severity: 'warning',
    message: `project has been loaded without an explicit name from a symlink: using name "${name}", not "${real}"`,
    hint: 'write "name:" into the file, or give -p',
  })
}

/** A project that lies elsewhere as a whole is in its own folder, as docker compose has it. */
function directoryOf({ directory }: Located, files: readonly string[], { remote }: Reading): string {
  const [first, ...others] = files.filter(path => path !== '-')
  const all = first !== undefined && [first, ...others].every(path => remote.foldersOf(path))
  return all ? dirname(first) : directory
}

function decode({ tree, reading, name, directory, files, environment }: Read, options: LoadOptions): Project {
  const file = compose.decode(tree, contextOf({ directory }, reading))
  return {
    name,
    working_dir: directory,
    files,
    env_files: namedEnvFiles(options),
    environment,
    profiles: [],
    services: file.services ?? {},
    disabled: {},
    networks: file.networks ?? {},
    volumes: file.volumes ?? {},
    secrets: file.secrets ?? {},
    configs: file.configs ?? {},
    models: file.models ?? {},
    extensions: file.extensions ?? {},
  }
}
