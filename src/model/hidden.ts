import { looksSecret, mask } from './secrets.ts'

/** Attributes of the language that are named like secrets and hold names only. */
const namesOnly = new Set(['secrets', 'credential_spec'])

/**
 * `KEY: value`, `KEY=value` and `"KEY": value`, in a block or among others in braces. No part of a word is tried by itself, and
 * the names below are bounded: a line of a hundred thousand letters took minutes.
 */
const assignment = /(?<![\w.-])(["']?)([\w.-]+)\1([ \t]*:[ \t]+|:(?=["'])|[ \t]*=|:$)/g

/** `KEY:value`, where a blank is missing. */
const blankMissing = /^[ \t]*(["']?)([A-Za-z_][\w.-]*)\1:(?=[^\s/])/

const userInfo = /[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@]*:([^\s/@]+)@/gi

const secretOption =
  /--?[\w-]{0,50}(?:password|passwd|secret|token|api-?key|credential)[\w-]{0,50}[= ]["']?([^\s"',\]]+)/gi

/** A variable, and how it is asked for: what stands in for it may be secret, its name is not. */
const reference = /\$\{\w+(?::?\?[^{}$]*\}|:?[-+]|\})|[^\s]/g

/** What stands in for a variable that is not set. */
const fallback = /\$\{(\w+)(?!:?\?)([^\w{}$]+)([^{}]+)/g

const cache = new WeakMap<object, string>()

/**
 * A file as a message may show it: values whose names tell of a secret are stars, and all else stands where it stood.
 * Told line by line and on the safe side, since a file with a mistake in it cannot be read as what it should be.
 */
export function hidden(source: { readonly text: string }): string {
  const known = cache.get(source)
  if (known !== undefined) return known
  const text = hiddenText(source.text)
  cache.set(source, text)
  return text
}

function hiddenText(text: string): string {
  // How far the key stands in whose value goes on below it; what stands further in belongs to it.
  let open: { readonly column: number; readonly begun: boolean } | undefined
  const lines = text.split('\n').map(line => {
    const indent = line.search(/[^ \t\r]/)
    if (indent < 0) return line
    if (open && indent >= open.column) {
      const item = /^\s*-\s+/.exec(line)
      if (item && !open.begun && !/^["']?[\w.-]+["']?\s*:(?:\s|$)/.test(line.slice(item[0].length)))
        return starred(line, item[0].length)
    }
    if (open && indent > open.column) {
      if (open.begun || !/^\s*(?:["']?[\w.-]+["']?\s*:(?:\s|$)|-\s|#|[[{])/.test(line)) return starred(line, indent)
      if (line[indent] === '#') return line
    }
    open = undefined
    const found = secretKey(line)
    if (!found || line.slice(0, found.value).includes('{')) return masked(line)
    open = { column: found.key, begun: line.slice(found.value).trim() !== '' }
    return masked(starred(line, found.value))
  })
  return lines.join('\n')
}

/** Where the first key begins that looks secret, and where its value does. */
function secretKey(line: string): { readonly key: number; readonly value: number } | undefined {
  const missing = blankMissing.exec(line)
  if (missing && tells(missing[2]!)) return { key: line.search(/\S/), value: missing[0].length }
  for (const match of line.matchAll(assignment)) {
    const value = match.index + match[0].length
    const key = match[0].includes(':') ? match.index : line.search(/\S/)
    if (tells(match[2]!) && !/^\s*(?:\{|\[.*[{}])/.test(line.slice(value))) return { key, value }
  }
  return undefined
}

/** One line, of which parts may be secret: entries in braces, passwords in addresses, options of commands. */
function masked(line: string): string {
  let out = line.replaceAll(fallback, (whole, name: string, operator: string, word: string) =>
    tells(name) ? `\${${name}${operator}${stars(word)}` : whole,
  )
  for (const match of line.matchAll(assignment)) {
    const start = match.index + match[0].length
    if (!tells(match[2]!) || /^\s*\{/.test(line.slice(start))) continue
    out = starred(out, start, endOfEntry(line, start))
  }
  for (const pattern of [userInfo, secretOption])
    out = out.replaceAll(pattern, (whole, secret: string) => {
      const at = whole.lastIndexOf(secret)
      return whole.slice(0, at) + stars(secret) + whole.slice(at + secret.length)
    })
  return out
}

function endOfEntry(line: string, start: number): number {
  const rest = line.slice(start)
  const quoted = /^\s*("(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?)/.exec(rest)
  if (quoted) return start + quoted[0].length
  const list = /^\s*\[[^\]{]*\]?/.exec(rest)
  if (list) return start + list[0].length
  const plain = /^(?:\$\{[^}]*\}|[^,}\]])*/.exec(rest)
  return start + (plain?.[0].length ?? 0)
}

function starred(line: string, start: number, end = line.length): string {
  return line.slice(0, start) + stars(line.slice(start, end)) + line.slice(end)
}

function stars(text: string): string {
  return text.replaceAll(reference, found => (found.startsWith('${') ? found : '*'))
}

const tells = (name: string): boolean => looksSecret(name) && !namesOnly.has(name)

/** A sentence without secrets: nowhere those that are long enough to be no word's part, in quotes not even the short ones. */
export function withoutSecrets(sentence: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (told, secret) =>
      secret.length > 3
        ? told.replaceAll(secret, mask)
        : told.replaceAll(/"[^"]*"/g, quoted => quoted.replaceAll(secret, mask)),
    sentence,
  )
}

/** What is hidden of a part of a file, as it is written there. */
export function hiddenIn(source: { readonly text: string }, start: number, end: number): readonly string[] {
  const shown = hidden(source).slice(start, end)
  const written = source.text.slice(start, end)
  return shown === written
    ? []
    : [...shown.matchAll(/\*(?:[^\n]*\*)?/g)]
        .map(({ index, 0: run }) => written.slice(index, index + run.length))
        .map(text => text.replace(/^["']|["']$/g, ''))
        .filter(text => text !== '' && !/^\*+$/.test(text))
}
