import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { unified } from '../../base/diff.ts'
import { disk, type Files } from '../../load/files.ts'
import { type LoadOptions, load } from '../../load/load.ts'
import { isInside } from '../../load/remote/inside.ts'
import { cacheFolder } from '../../load/remote/kept.ts'
import type { Project } from '../../model/project.ts'
import type { Change } from '../../plan/plan.ts'
import { type Problem, UserError, userError } from '../../text/problem.ts'
import { configText } from '../config/config.ts'
import type { Emit } from '../event.ts'
import { placeFiles, type Writing } from '../init/place.ts'
import { randomSecret } from '../init/secret-files.ts'
import { inserted } from './insert.ts'
import { recipe } from './recipe.ts'

export interface AddOptions {
  readonly load: LoadOptions
  readonly emit: Emit
  /** Of the service, where it is not to be called as what it is; for one kind only. */
  readonly name?: string
  readonly dryRun?: boolean
}

export interface Added {
  /** What the Compose file would become, as a diff. */
  readonly diff: string
  /** How others reach what was added: a line a service. */
  readonly uses: readonly string[]
}

/**
 * Puts services into the project's first Compose file, and makes the secrets that they read. Nothing is written unless the result
 * loads, has these services, and has all else as it was. Throws UserError.
 */
export async function add(kinds: readonly string[], options: AddOptions): Promise<Added> {
  const { emit, name, dryRun = false } = options
  const request: LoadOptions = { ...options.load, all_profiles: true, without: new Set(['env-resolution']) }
  const before = await load(request)
  const file = fileOf(before.project, request)
  const recipes = await Promise.all(kinds.map(kind => recipe(kind, name ?? kind)))
  const shown = relative(request.cwd, file)
  const bytes = readFileSync(file)
  const text = bytes.toString()
  if (!Buffer.from(text).equals(bytes)) throw userError('no-place', `"${shown}" is not UTF-8 text`, 'save it as UTF-8')
  const now = recipes.reduce((sofar, { text: piece }) => inserted({ name: shown, text: sofar }, piece), text)
  const names = kinds.map(kind => name ?? kind)
  checkFree(names, before.project)
  const after = await load({ ...request, filesystem: withText(file, now) }).catch(error => {
    if (error instanceof UserError) throw unsafe(shown, error.problems)
    throw error
  })
  if (rest(after.project, before.project, names) !== rest(before.project, before.project, names))
    throw unsafe(shown, [])

  const { working_dir } = after.project
  const secrets = newSecrets(after.project, before.project)
  const ignoring = ignored(after.project, secrets)
  const changes = changesOf(before.project, after.project, { file: shown, writings: [...secrets, ...ignoring] })
  emit({ type: 'plan', stages: [{ name: 'change', outline: { changes, steps: [] } }] })
  const apart = unreachable(before.project, names)
  if (apart) emit({ type: 'problem', problem: apart })
  if (!dryRun) {
    // A secret without a reader does no harm; the other way round it would.
    placeFiles(working_dir, [...secrets, ...ignoring])
    const real = realpathSync(file)
    placeFiles(dirname(real), [{ path: basename(real), bytes: Buffer.from(now), replace: true }])
  }
  return { diff: unified(text, now, shown), uses: recipes.map(({ use }, i) => `${names[i]}: ${use}`) }
}

function fileOf({ files }: Project, { env }: LoadOptions): string {
  const [first] = files
  if (first === undefined || first === '-')
    throw userError('no-place', 'a Compose file from standard input cannot be changed', 'name a file with -f')
  if (isInside(first, cacheFolder(env, env['HOME'])))
    throw userError(
      'no-place',
      'a Compose file that lies elsewhere cannot be changed',
      'name a file of your own with -f',
    )
  return first
}

/** Another file may declare it as well: then the two would be merged. */
function checkFree(names: readonly string[], { services, disabled }: Project): void {
  const problems = names
    .filter(name => services[name] ?? disabled[name])
    .map(
      (name): Problem => ({
        code: 'name-taken',
        severity: 'error',
        message: `another file of the project has a service "${name}" already`,
        hint: 'give another name: --name NAME',
      }),
    )
  if (problems.length > 0) throw new UserError(problems)
}

/** Services on networks of their own do not meet one that is on the default network. */
function unreachable({ services }: Project, names: readonly string[]): Problem | undefined {
  const networks = new Set(Object.values(services).flatMap(service => Object.keys(service.networks ?? {})))
  if (networks.size === 0 || networks.has('default')) return undefined
  const all = [...networks].toSorted().map(network => `"${network}"`)
  return {
    code: 'on-another-network',
    severity: 'warning',
    message: `no other service is on the default network, where ${names.map(name => `"${name}"`).join(' and ')} will be`,
    hint: `write "networks:" under it, with the one of those who are to reach it: ${all.join(', ')}`,
  }
}

const withText = (file: string, text: string): Files => ({
  ...disk,
  read: path => (path === file ? Buffer.from(text) : disk.read(path)),
})

const unsafe = (file: string, problems: readonly Problem[]) =>
  new UserError([
    {
      code: 'no-place',
      severity: 'error',
      message: `"${file}" is written in a way that leaves no place for it; it is as it was`,
      hint: 'add it by hand: "gantry add" to an empty project shows with --dry-run what it is',
    },
    ...problems,
  ])

/** All of a project but what was to be added, as text to compare. */
function rest(project: Project, before: Project, names: readonly string[]): string {
  const only = <T>(all: Readonly<Record<string, T>>, known: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => name in known && !names.includes(name)))
  const { services, volumes, secrets, networks } = project
  const kept = {
    ...project,
    services: only(services, before.services),
    volumes: only(volumes, before.volumes),
    secrets: only(secrets, before.secrets),
    networks: only(networks, before.networks),
  }
  return configText(kept, { format: 'json', escape: true })
}

/** Those of secrets that are new, as far as their files are not there. */
function newSecrets({ secrets, working_dir }: Project, before: Project): readonly Writing[] {
  return Object.entries(secrets)
    .filter(([name]) => !(name in before.secrets))
    .flatMap(([, { file }]) => (file !== undefined && !existsSync(file) ? [relative(working_dir, file)] : []))
    .map(path => ({ path, bytes: randomSecret(), secret: true }))
}

/**
 * Keeps secrets out of the repository, by a file in their own directory, so that none of the user's is touched; and out of images that
 * are built from the directory around them.
 */
function ignored({ services, working_dir }: Project, secrets: readonly Writing[]): readonly Writing[] {
  const [first] = secrets
  if (first === undefined) return []
  const folder = dirname(first.path)
  const git = join(folder, '.gitignore')
  const own: Writing[] = existsSync(join(working_dir, git)) ? [] : [{ path: git, bytes: Buffer.from('*\n') }]
  const sends = Object.values(services).some(({ build }) => build?.context === working_dir)
  if (!sends) return own
  const list = join(working_dir, '.dockerignore')
  const there = existsSync(list) ? readFileSync(list, 'utf8') : ''
  const covered = there
    .split(/\r?\n/)
    .some(line => ['*', '**', folder, `${folder}/`, `/${folder}`].includes(line.trim()))
  if (covered) return own
  const text = `${there}${there === '' || there.endsWith('\n') ? '' : '\n'}${folder}\n`
  return [...own, { path: '.dockerignore', bytes: Buffer.from(text), ...(there !== '' && { replace: true }) }]
}

function changesOf(
  before: Project,
  after: Project,
  { file, writings }: { readonly file: string; readonly writings: readonly Writing[] },
): readonly Change[] {
  const fresh = (kind: 'service' | 'volume' | 'secret') => {
    const section = `${kind}s` as const
    return Object.keys(after[section])
      .filter(name => !(name in before[section]))
      .map(name => ({ unit: { kind, name, short: `${kind} ${name}` }, verdict: 'create', why: [] }))
  }
  return [
    { unit: { kind: 'file', name: file, short: file }, verdict: 'replace', why: [] },
    ...fresh('service'),
    ...fresh('volume'),
    ...fresh('secret'),
    ...writings.map(({ path, replace, secret }) => ({
      unit: { kind: 'file', name: path, short: path },
      verdict: replace ? 'replace' : 'create',
      why: secret ? [{ code: 'random-secret' }] : [],
    })),
  ]
}
