import type { LoadOptions } from '../load/load.ts'
import { rawTree } from '../load/raw.ts'
import type { Json } from '../model/project.ts'
import { printYaml } from '../text/print.ts'

/** What `config --no-interpolate` prints: the merged files with their variables left as they are. Throws UserError. */
export async function rawConfig(options: LoadOptions, format: 'yaml' | 'json'): Promise<string> {
  const tree = sorted(await rawTree(options))
  return format === 'json' ? `${JSON.stringify(tree, undefined, 2)}\n` : printYaml(tree)
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]))
}
