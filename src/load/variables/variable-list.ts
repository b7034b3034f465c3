import { dirname, resolve } from 'node:path'
import { decode } from '../../text/encoding.ts'
import type { Node } from '../../text/node.ts'
import { userError } from '../../text/problem.ts'
import { disk } from '../files.ts'
import { locate } from '../locate.ts'
import type { LoadOptions } from '../options.ts'
import { collectProblems } from '../problems.ts'
import { documentsOf, type Shelf } from '../reading.ts'
import { leadsOutside } from '../remote/inside.ts'
import { filesHere, remoteParts } from '../remote/parts.ts'
import { remoteKind } from '../remote/remote.ts'
import { variablesOfEnvFile } from './env-scan.ts'
import { variablesOf } from './interpolate.ts'
import { type Environment, envFiles } from './variables.ts'

/** A variable that the files of a project speak of. */
export interface UsedVariable {
  readonly name: string
  readonly default: string
  readonly alternate: string
  readonly required: boolean
}

/** Every variable that the project's files use, by name; nothing else of the files is checked. Throws UserError. */
export async function usedVariables(options: LoadOptions): Promise<readonly UsedVariable[]> {
  const problems = collectProblems()
  const files = options.filesystem ?? disk
  const located = problems.catching(() => locate(options, files, problems.report))
  if (!located.files.length)
    throw userError(
      'no-file',
      'no configuration file provided: not found',
      'write a compose.yaml here, or name one with -f',
    )
  const stdin = located.files.includes('-') ? await options.stdin?.() : undefined
  const remote = remoteParts(options)
  const { directory, environment } = located
  const references = await remote.complete(() => {
    const reading = {
      cwd: options.cwd,
      files,
      report: problems.report,
      stdin,
      documents: new Map(),
      remote,
      environment,
    }
    const own = new Set([options.cwd, directory].flatMap(folder => envFiles(folder, options, files)))
    const found = readAll(filesHere(located, reading, problems), directory, reading)
    return [
      ...found.documents.flatMap(variablesOf),
      ...[...own, ...found.envFiles].flatMap(path => variablesOfEnvFile(decode(path, files.read(path)).source)),
    ]
  }, problems.mark())
  problems.check()
  const found = new Map<string, UsedVariable>()
  for (const { name, operator, wordText } of references) {
    const before = found.get(name)
    found.set(name, {
      name,
      default: operator === ':-' || operator === '-' ? wordText : (before?.default ?? ''),
      alternate: operator === ':+' || operator === '+' ? wordText : (before?.alternate ?? ''),
      required: operator === ':?' || operator === '?' || (before?.required ?? false),
    })
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

interface Found {
  readonly documents: Node[]
  /** Absolute, of files that are there. */
  readonly envFiles: Set<string>
}

/**
 * The documents of files and of those that they include, and the env files that they name. Names of files are taken as they are
 * written: what variables would make of them is what is asked here.
 */
function readAll(files: readonly string[], directory: string, reading: Reads): Found {
  const found: Found = { documents: [], envFiles: new Set() }
  const seen = new Set<string>()
  const read = (paths: readonly string[], base: string): void => {
    for (const path of paths) {
      if (seen.has(path)) continue
      seen.add(path)
      for (const document of documentsOf(path, reading)) {
        found.documents.push(document)
        for (const text of envFilesOf(document)) takeEnvFile(resolve(base, text), path)
        for (const item of itemsOf(get(document, 'include'))) include(item, path, base)
      }
    }
  }
  const takeEnvFile = (path: string, writtenIn: string) => {
    if (reading.files.stat(path)?.kind === 'file' && !leadsOutside(path, writtenIn, reading, undefined))
      found.envFiles.add(path)
  }
  const include = (item: Node, from: string, base: string) => {
    const paths = textsOf(item.kind === 'dict' ? get(item, 'path') : item)
      .flatMap(text => placeOf(text, from, base, reading) ?? [])
      .filter(path => reading.files.stat(path)?.kind === 'file')
    const [first] = paths
    if (first === undefined) return
    const [own] = textsOf(get(item, 'project_directory'))
    const inside = own === undefined ? dirname(first) : resolve(base, own)
    const named = textsOf(get(item, 'env_file')).map(text => resolve(base, text))
    for (const path of named.length ? named : [resolve(inside, '.env')]) takeEnvFile(path, named.length ? from : first)
    read(paths, inside)
  }
  read(files, directory)
  return found
}

interface Reads extends Shelf {
  readonly environment: Environment
}

/** Undefined while a part is only wanted, and where it cannot be had, which is told. */
function placeOf(text: string, from: string, base: string, reading: Reads): string | undefined {
  if (remoteKind(text)) return reading.remote.file(text, from, reading.environment, reading.report)
  const path = resolve(base, text)
  return leadsOutside(path, from, reading, undefined) ? undefined : path
}

/** As written, of all services. */
function envFilesOf(document: Node): readonly string[] {
  const services = get(document, 'services')
  return (services?.kind === 'dict' ? [...services.entries.values()] : []).flatMap(({ node }) => [
    ...itemsOf(get(node, 'env_file')).flatMap(item => (get(item, 'format') ? [] : textsOf(get(item, 'path') ?? item))),
    ...textsOf(get(node, 'label_file')),
  ])
}

function get(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'dict' ? node.entries.get(key)?.node : undefined
}

function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === 'list' ? node.items : node ? [node] : []
}

function textsOf(node: Node | undefined): readonly string[] {
  return itemsOf(node).flatMap(item => (item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : []))
}
