import { dirname, resolve } from 'node:path'
import { type Dict, dict, type Node } from '../text/node.ts'
import { type Problem, UserError } from '../text/problem.ts'
import type { Span } from '../text/source.ts'
import { tellUnknownKeys } from './check/unknown-keys.ts'
import type { Reading } from './reading.ts'
import { leadsOutside } from './remote/inside.ts'
import { remoteKind } from './remote/remote.ts'
import { shownPath } from './shown-path.ts'
import { contextOf, type Group, merged } from './tree.ts'
import { fillBareNames } from './variables/bare-names.ts'
import { platformEnvironment } from './variables/platform-environment.ts'
import { type Environment, readEnvFile } from './variables/variables.ts'

/** Files that include the next one twice would double the work at each step. */
const most = 1000

/** What an included project gives; its name and its extensions stay its own. */
const sections = ['services', 'volumes', 'networks', 'secrets', 'configs', 'models']

/** All that a document's `include` brings in, as one tree; of two includes the earlier wins. */
export function included(
  document: Dict,
  group: Group,
  reading: Reading,
  assemble: (group: Group, reading: Reading) => Dict | undefined,
): Dict | undefined {
  const node = document.entries.get('include')?.node
  if (!node || (node.kind === 'scalar' && node.value === null)) return undefined
  if (node.kind !== 'list') {
    wrong(reading, node, '"include" must be a list', 'write "- path" for each file')
    return undefined
  }
  const context = contextOf(group, reading)
  let sum: Dict | undefined
  for (const item of node.items) {
    const inner = readEntry(item, group, reading)
    if (!inner) continue
    const tree = assemble(inner, reading)
    const taken =
      tree &&
      dict(
        [...tree.entries].filter(([key]) => sections.includes(key)),
        tree.at,
      )
    sum = merged(taken && fillBareNames(taken, inner.environment), sum, context)
  }
  return sum
}

function readEntry(item: Node, group: Group, reading: Reading): Group | undefined {
  const paths = item.kind === 'dict' ? texts(item.entries.get('path')?.node) : texts(item)
  const [first] = paths ?? []
  if (!paths || first === undefined) {
    // docker compose takes an entry without a path for nothing.
    const empty = item.kind === 'dict' ? !item.entries.has('path') : item.kind === 'scalar' && item.value === null
    wrong(
      reading,
      item,
      'an include must name a file',
      'write "- path", or "- path: …" with project_directory and env_file',
      empty ? 'warning' : 'error',
    )
    return undefined
  }
  if (item.kind === 'dict') tellUnknownKeys(item, ['path', 'project_directory', 'env_file'], 'include', reading.report)
  const from = group.chain.at(-1)!
  const found = paths.map(({ text, at }) => fileOf(text, from, group, reading, at))
  const full = found.filter(path => path !== undefined)
  if (full.length < found.length) return undefined
  const main = full[0]!
  const again = full.find(path => group.chain.includes(path))
  if (again !== undefined) {
    const chain = [...group.chain.slice(group.chain.indexOf(again)), again].map(path => shownPath(path, reading.cwd))
    reading.report({
      code: 'include-cycle',
      severity: 'error',
      message: `include cycle detected: ${chain.join(' -> ')}`,
      hint: 'remove one of these includes',
      at: first.at,
    })
    return undefined
  }
  const missing = full.findIndex(path => reading.files.stat(path)?.kind !== 'file')
  if (missing >= 0) {
    const { at } = paths[missing]!
    const directory = reading.files.stat(full[missing]!)?.kind === 'directory'
    reading.report({
      code: directory ? 'is-directory' : 'no-such-file',
      severity: 'error',
      message: directory ? `read ${full[missing]}: is a directory` : `open ${full[missing]}: no such file or directory`,
      hint: paths[missing]!.text.startsWith('~')
        ? 'write the path in full: "~" is no home directory here'
        : 'check the path, which is relative to the directory of the project that includes it',
      at,
    })
    return undefined
  }
  const directory = item.kind === 'dict' ? texts(item.entries.get('project_directory')?.node)?.[0] : undefined
  if (++reading.includes.count > most) {
    if (reading.includes.count === most + 1)
      reading.report({
        code: 'too-many-includes',
        severity: 'error',
        message: `more than ${most} includes`,
        hint: 'look for files that include each other again and again',
        at: first.at,
      })
    return undefined
  }
  const inside = directory ? resolve(group.directory, directory.text) : dirname(main)
  if (directory && leadsOutside(inside, from, reading, directory.at)) return undefined
  if (directory && !reading.remote.foldersOf(from)) reading.remote.allow(main, inside)
  const environment = environmentOf(item, inside, main, group, reading)
  return { paths: full, directory: inside, environment, chain: group.chain, at: first.at }
}

/** The absolute path of an included file; undefined where it may not be named or is not here, which is told or will be mended. */
function fileOf(text: string, from: string, group: Group, reading: Reading, at: Span): string | undefined {
  if (remoteKind(text)) return reading.remote.file(text, from, group.environment, reading.report, at)
  const path = resolve(group.directory, text)
  return leadsOutside(path, from, reading, at) ? undefined : path
}

function environmentOf(item: Node, inside: string, main: string, group: Group, reading: Reading): Environment {
  const named = item.kind === 'dict' ? texts(item.entries.get('env_file')?.node) : undefined
  const found: Record<string, string> = {}
  const take = (path: string, writtenIn: string, at: Span | undefined) => {
    if (leadsOutside(path, writtenIn, reading, at)) return
    try {
      const lookup = (name: string) => group.environment[name] ?? found[name]
      for (const [name, { value }] of readEnvFile(path, lookup, reading.cwd, reading.files, reading.report))
        found[name] = value
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      for (const problem of error.problems) reading.report(at ? ({ ...problem, at } satisfies Problem) : problem)
    }
  }
  if (named) for (const { text, at } of named) take(resolve(group.directory, text), group.chain.at(-1)!, at)
  else if (reading.files.stat(resolve(inside, '.env'))?.kind === 'file') take(resolve(inside, '.env'), main, undefined)
  return platformEnvironment({ ...found, ...group.environment }, reading.windows)
}

/** A text or a list of texts; undefined for anything else. */
function texts(node: Node | undefined): readonly { readonly text: string; readonly at: Span }[] | undefined {
  const items = node?.kind === 'list' ? node.items : node ? [node] : []
  const found = items.flatMap(item =>
    item.kind === 'scalar' && typeof item.value === 'string' ? [{ text: item.value, at: item.at }] : [],
  )
  return found.length && found.length === items.length ? found : undefined
}

function wrong(
  reading: Reading,
  node: Node,
  message: string,
  hint: string,
  severity: Problem['severity'] = 'error',
): void {
  reading.report({ code: 'bad-include', severity, message, hint, at: node.at })
}
