import type { LoadOptions } from '../../load/load.ts'
import { rawTree } from '../../load/raw.ts'
import { imageName } from '../../model/names.ts'
import type { Json } from '../../model/project.ts'
import { printYaml } from '../../text/print.ts'

/** What `config --no-interpolate` prints: the merged files with their variables left as they are. Throws UserError. */
export async function rawConfig(options: LoadOptions, format: 'yaml' | 'json'): Promise<string> {
  const tree = sorted(await rawTree(options))
  return format === 'json' ? JSON.stringify(tree, undefined, 2) : printYaml(tree)
}

/** Names as they are written, sorted; of images what is written for them, and the default names for those that are built. */
export async function rawNames(
  options: LoadOptions,
  what: 'services' | 'volumes' | 'networks' | 'models' | 'profiles' | 'images',
): Promise<readonly string[]> {
  const tree = await rawTree(options)
  if (what !== 'profiles' && what !== 'images') return Object.keys(dictOf(dictOf(tree)[what])).toSorted()
  const services = Object.entries(dictOf(dictOf(tree)['services'])).map(
    ([name, service]) => [name, dictOf(service)] as const,
  )
  const project = String(dictOf(tree)['name'] ?? '')
  const found =
    what === 'images'
      ? services.map(([name, { image }]) =>
          typeof image === 'string' ? image : imageName(project, name, options.separator ?? '-'),
        )
      : services.flatMap(([, { profiles }]) => (Array.isArray(profiles) ? profiles.map(String) : []))
  return [...new Set(found)].toSorted()
}

function dictOf(value: Json | undefined): { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })
    : {}
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]))
}
