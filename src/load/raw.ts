import { dependencies } from '../model/graph.ts'
import type { Json, Service } from '../model/project.ts'
import type { Node } from '../text/node.ts'
import { type Read, readProject } from './load.ts'
import type { LoadOptions } from './options.ts'
import { collectProblems } from './problems.ts'
import { textLists } from './text-lists.ts'

type Tree = { [key: string]: Json }

/**
 * The merged files with variables as they are written: long forms, absolute paths, default names, and nothing checked
 * or cast. Throws UserError.
 */
export async function rawTree(options: LoadOptions): Promise<Json> {
  const problems = collectProblems()
  const { without = new Set() } = options
  const read = await readProject({ ...options, without: new Set([...without, 'interpolate']) }, problems)
  problems.check()
  const tree = json(read.tree, '') as Tree
  delete tree['version']
  for (const [, service] of children(tree['services'])) fillLongForms(service)
  if (without.has('normalize')) return tree
  normalize(tree, read)
  return { ...tree, name: read.name }
}

/** As written where two spellings stay apart while files are merged, else in the long form. */
function json(node: Node, key: string): Json {
  if (node.kind === 'scalar') {
    const { value } = node
    if (typeof value === 'bigint') return Number(value)
    // Go writes a time into JSON otherwise than into text.
    if (node.written === 'time') return String(value).replace(' ', 'T').replace(' +0000 UTC', 'Z')
    return typeof value === 'object' && value !== null ? value.float : value
  }
  if (node.kind === 'list') {
    const items = node.items.map(item => json(item, ''))
    const asText = node.written === 'text' && !longLists.has(key) && items.length === 1
    return asText ? items[0]! : items
  }
  const named = (): Json => Object.fromEntries([...node.entries].map(([name, entry]) => [name, json(entry.node, name)]))
  if (node.written !== 'list' || !textLists.has(key)) return named()
  return [...node.entries].map(([name, entry]) => {
    const value = json(entry.node, '')
    return value === null ? name : `${name}=${String(value)}`
  })
}

/** Lists that docker compose writes as lists, though a text was given. */
const longLists = new Set(['dns', 'env_file', 'label_file', 'gpus'])

/** The defaults that docker compose fills in without looking at values. */
function normalize(tree: Tree, { name, directory }: Read): void {
  const services = children(tree['services'])
  for (const [, service] of services) normalizeService(service, directory)
  const networks = (tree['networks'] ?? {}) as Tree
  if (services.some(([, service]) => Object.hasOwn(treeOf(service['networks']) ?? {}, 'default')))
    networks['default'] ??= {}
  if (Object.keys(networks).length) tree['networks'] = networks
  for (const kind of ['networks', 'volumes', 'secrets', 'configs']) {
    const resources = treeOf(tree[kind])
    if (!resources) continue
    for (const [key, resource] of Object.entries(resources)) {
      const own = treeOf(resource) ?? {}
      resources[key] = { ...own, name: own['name'] ?? (isTrue(own['external']) ? key : `${name}_${key}`) }
    }
  }
}

/** What docker compose has in its long forms from the start. */
function fillLongForms(service: Tree): void {
  for (const [, need] of children(service['depends_on'])) need['required'] ??= true
  for (const file of listOf(service['env_file'])) file['required'] ??= true
}

function normalizeService(service: Tree, directory: string): void {
  const { networks, network_mode, provider, environment } = service
  const build = treeOf(service['build'])
  const attached = Object.keys(treeOf(networks) ?? {}).length > 0
  if (!attached && network_mode === undefined && provider === undefined) service['networks'] = { default: null }
  if (Array.isArray(environment) && environment.length === 0) service['environment'] = null
  if (build) {
    build['context'] ??= directory
    if (build['dockerfile_inline'] === undefined) build['dockerfile'] ??= 'Dockerfile'
    if (build['args'] !== undefined) build['args'] = valued(build['args'])
  }
  if (service['pull_policy'] === 'if_not_present') service['pull_policy'] = 'missing'
  const needs = treeOf(service['depends_on']) ?? {}
  for (const [name, { road, ...dependency }] of dependencies(sharing(service)))
    needs[name] ??= { ...dependency, ...(road === 'volumes_from' && { restart: false }) }
  if (Object.keys(needs).length) service['depends_on'] = needs
}

/** What implies that one service needs another, where it is of the type that it should be. */
function sharing(service: Tree): Service {
  const text = (key: string) => (typeof service[key] === 'string' ? { [key]: service[key] } : {})
  const texts = (key: string) =>
    Array.isArray(service[key]) ? { [key]: service[key].filter(item => typeof item === 'string') } : {}
  return {
    ...text('network_mode'),
    ...text('ipc'),
    ...text('pid'),
    ...text('uts'),
    ...texts('links'),
    ...texts('volumes_from'),
  }
}

/** Arguments without a value take it from an environment that is not read here. */
function valued(args: Json): Json {
  if (Array.isArray(args)) {
    const kept = args.filter(item => typeof item === 'string' && item.includes('='))
    return kept.length ? kept : null
  }
  const kept = Object.entries(treeOf(args) ?? {}).filter(([, value]) => value !== null)
  return Object.fromEntries(kept)
}

function listOf(value: Json | undefined): Tree[] {
  return Array.isArray(value) ? (value as readonly Json[]).flatMap<Tree>(item => treeOf(item) ?? []) : []
}

function children(section: Json | undefined): [string, Tree][] {
  return Object.entries(treeOf(section) ?? {}).flatMap(([key, value]) => {
    const tree = treeOf(value)
    return tree ? [[key, tree]] : []
  })
}

function isTrue(value: Json | undefined): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true')
}

/** The tree was made here, so it may be changed. */
function treeOf(value: Json | undefined): Tree | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : undefined
}
