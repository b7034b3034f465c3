import { homedir } from 'node:os'
import { isAbsolute, resolve } from 'node:path'
import { decode } from '../../text/encoding.ts'
import { type Report, userError } from '../../text/problem.ts'
import type { Files } from '../files.ts'
import { type LoadOptions, onWindows } from '../options.ts'
import { shownPath } from '../shown-path.ts'
import { parseEnvFile, type Variable } from './env-file.ts'
import { platformEnvironment } from './platform-environment.ts'

export type Environment = Readonly<Record<string, string>>

/** The environment of the process as text only, with PWD. */
export function processEnvironment(options: Pick<LoadOptions, 'env' | 'cwd' | 'windows'>): Environment {
  const given = Object.entries(options.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return platformEnvironment({ PWD: options.cwd, ...Object.fromEntries(given) }, onWindows(options))
}

/** The files of --env-file, else of COMPOSE_ENV_FILES, as typed. */
export function namedEnvFiles({ env_files, env }: Pick<LoadOptions, 'env_files' | 'env'>): readonly string[] {
  if (env_files?.length) return env_files
  return (env['COMPOSE_ENV_FILES'] ?? '').split(',').filter(Boolean)
}

/**
 * The environment with the named files, or `.env` of a directory, under it: what is set already wins, even when empty;
 * of several files, the later.
 */
export function withEnvFiles(
  environment: Environment,
  directory: string,
  options: LoadOptions,
  files: Files,
  report: Report,
): Environment {
  const found: Record<string, string> = {}
  for (const path of envFiles(directory, options, files)) {
    const lookup = (name: string) => environment[name] ?? found[name]
    for (const [name, { value }] of readEnvFile(path, lookup, options.cwd, files, report)) found[name] = value
  }
  const given = !namedEnvFiles(options).length && isOff(found) ? settingsOf(found) : found
  return platformEnvironment({ ...given, ...environment }, onWindows(options))
}

/** Where `.env` itself turns `.env` off, docker compose has taken over its own settings by then, and nothing else. */
function settingsOf(variables: Environment): Environment {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => name.startsWith('COMPOSE_')))
}

/** The files of variables that are read for a directory: those named, else its `.env`. Absolute. */
export function envFiles(directory: string, options: LoadOptions, files: Files): readonly string[] {
  const named = namedEnvFiles(options)
  if (named.length) return named.map(path => resolve(options.cwd, expandHome(path, options.env)))
  if (isOff(options.env)) return []
  const path = resolve(directory, '.env')
  const found = files.stat(path)
  return found && found.kind !== 'directory' ? [path] : []
}

function isOff(env: LoadOptions['env']): boolean {
  const off = env['COMPOSE_DISABLE_ENV_FILE']
  if (off === undefined) return false
  const value = goBoolean(off)
  if (value !== undefined) return value
  throw userError(
    'bad-setting',
    `COMPOSE_DISABLE_ENV_FILE is "${off}", which is neither true nor false`,
    'set it to true or false',
  )
}

/** Variables of one env file. Throws UserError where there is no file. */
export function readEnvFile(
  path: string,
  lookup: (name: string) => string | undefined,
  cwd: string,
  files: Files,
  report: Report,
): ReadonlyMap<string, Variable> {
  const found = files.stat(path)
  if (!found) throw userError('no-such-file', `couldn't find env file: ${path}`, 'check the path')
  if (found.kind === 'directory') throw userError('is-directory', `${path} is a directory`, 'name an env file')
  const { source, problem } = decode(shownPath(path, cwd), files.read(path))
  // Bytes that are no text are kept as replacement characters here, as docker compose does.
  if (problem && problem.code !== 'bad-encoding') report(problem)
  return parseEnvFile(source, lookup, report)
}

/** The words that Go's strconv.ParseBool knows. */
export function goBoolean(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false
  return undefined
}

export function expandHome(path: string, env: Readonly<Record<string, string | undefined>>): string {
  return path === '~' || path.startsWith('~/') ? `${homeOf(env)}${path.slice(1)}` : path
}

export function homeOf(env: Readonly<Record<string, string | undefined>>): string {
  const home = env['HOME'] ?? env['USERPROFILE']
  return home !== undefined && isAbsolute(home) ? home : homedir()
}
