import { mkdir } from 'node:fs/promises'
import type { BuildCache } from '../../engine/build.ts'
import type { Project } from '../../model/project.ts'
import type { Problem } from '../../text/problem.ts'
import { layoutDigest, ociLayout } from './oci-layout.ts'

/** What an entry of `cache_from` or `cache_to` says; a text where it says nothing that could be meant. */
export function parsedCache(text: string): BuildCache | string {
  const fields = csv(text)
  if (fields.length === 1 && !fields[0]!.includes('=')) return { type: 'registry', attributes: { ref: text } }
  const attributes: Record<string, string> = {}
  for (const field of fields) {
    const at = field.indexOf('=')
    if (at < 0) return `the cache "${text}" has "${field}" where KEY=VALUE belongs`
    attributes[field.slice(0, at).trim().toLowerCase()] = field.slice(at + 1)
  }
  const { type, ...rest } = attributes
  return type ? { type, attributes: rest } : `the cache "${text}" has no type`
}

/** Caches as BuildKit is to be told of them. What its runner gives to a job for its cache is taken from the variables, as buildx does. */
export function cachesOf(texts: readonly string[], environment: Project['environment']): readonly BuildCache[] {
  return texts.flatMap(text => {
    const cache = parsedCache(text)
    if (typeof cache === 'string') return []
    if (cache.type !== 'gha') return [cache]
    return [{ type: 'gha', attributes: { ...ofRunner(environment), ...cache.attributes } }]
  })
}

/** The cache of GitHub Actions is there in its jobs only. */
export function isThere({ type, attributes }: BuildCache): boolean {
  return type !== 'gha' || Boolean(attributes['token'] && (attributes['url'] || attributes['url_v2']))
}

/** Source: https://docs.docker.com/build/cache/backends/gha/ */
function ofRunner(environment: Project['environment']): Readonly<Record<string, string>> {
  const { ACTIONS_CACHE_URL, ACTIONS_RESULTS_URL, ACTIONS_RUNTIME_TOKEN, ACTIONS_CACHE_SERVICE_V2 = '' } = environment
  const second = /^(?:1|t|true)$/i.test(ACTIONS_CACHE_SERVICE_V2)
  const url = ACTIONS_CACHE_URL ?? ACTIONS_RESULTS_URL
  return {
    ...(second && { version: '2' }),
    ...(ACTIONS_RUNTIME_TOKEN !== undefined && { token: ACTIONS_RUNTIME_TOKEN }),
    ...(second && ACTIONS_RESULTS_URL !== undefined && { url_v2: ACTIONS_RESULTS_URL }),
    ...(url !== undefined && { url }),
  }
}

/**
 * The caches that are there to be used, those of type "local" with their folders. What is not there is left out and told: a first
 * build finds no cache yet, and a laptop has none of the runner's. Throws UserError.
 */
export async function presentCaches(
  caches: readonly BuildCache[],
  place: 'src' | 'dest',
  warn: (problem: Problem) => void,
): Promise<readonly BuildCache[]> {
  const present = await Promise.all(
    caches.map(async (cache): Promise<BuildCache | string> => {
      const { type, attributes } = cache
      if (!isThere(cache))
        return 'the cache of type "gha" is left out: it is there only in jobs of GitHub Actions that hand on ACTIONS_RUNTIME_TOKEN'
      const folder = attributes[place]
      if (type !== 'local' || folder === undefined) return cache
      if (place === 'dest') {
        await mkdir(folder, { recursive: true })
        return { ...cache, store: ociLayout(folder) }
      }
      const { tag = 'latest', digest = layoutDigest(folder, tag) } = attributes
      if (digest === undefined) return `the cache in "${folder}" is left out: there is none yet`
      return { ...cache, attributes: { ...attributes, digest }, store: ociLayout(folder) }
    }),
  )
  return present.flatMap(cache => {
    if (typeof cache !== 'string') return [cache]
    warn({ code: 'no-cache', severity: 'warning', message: cache })
    return []
  })
}

/** Fields between commas; a comma within double quotes belongs to its field, a doubled quote to its text. */
function csv(text: string): readonly string[] {
  const fields = text.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? []
  return fields
    .slice(0, text.endsWith(',') ? undefined : -1)
    .map(field => field.replace(/,$/, ''))
    .map(field => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field))
}
