import { relative } from 'node:path'
import { type Finding, lint } from '../../src/lint/lint.ts'
import type { Rule } from '../../src/lint/rule.ts'
import { scopeOf } from '../../src/lint/scope.ts'
import { memory } from '../../src/load/files.ts'
import { load } from '../../src/load/load.ts'

/** A compose file alone, or several files by name. */
export type Texts = string | Readonly<Record<string, string>>

interface LintedOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly warnings?: boolean
}

/** What rules say of texts that are a project in /srv/shop. */
export async function linted(
  texts: Texts,
  rules: readonly Rule[],
  { env = {}, warnings = false }: LintedOptions = {},
): Promise<readonly Finding[]> {
  const given = typeof texts === 'string' ? { 'compose.yaml': texts } : texts
  const files = memory(Object.fromEntries(Object.entries(given).map(([name, text]) => [`/srv/shop/${name}`, text])))
  const loaded = await load({ cwd: '/srv/shop', env: { HOME: '/home/me', ...env }, filesystem: files, windows: false })
  const scope = scopeOf({
    project: loaded.project,
    at: loaded.origin.at,
    documents: [...loaded.written.values()].flat(),
    disabled: true,
    files,
    shown: path => relative('/srv/shop', path),
  })
  return lint(scope, rules, warnings ? { warnings: loaded.problems } : {})
}

/** The texts without «», and what stands between them, in the order of the files. */
export function unmarked(texts: Texts): { readonly texts: Texts; readonly words: readonly string[] } {
  const all = typeof texts === 'string' ? [texts] : Object.values(texts)
  const words = all.flatMap(text => [...text.matchAll(/«([^»]*)»/g)].map(([, found]) => found!))
  const bare = (text: string) => text.replaceAll(/[«»]/g, '')
  const clean =
    typeof texts === 'string'
      ? bare(texts)
      : Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, bare(text)]))
  return { texts: clean, words }
}

/** The words that a finding underlines. */
export const underlined = ({ problem: { at } }: Finding): string => (at ? at.source.text.slice(at.start, at.end) : '')
