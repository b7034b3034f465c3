import { looksSecret } from '../../model/secrets.ts'
import type { Node } from '../../text/node.ts'
import type { Source, Span } from '../../text/source.ts'
import { servicesIn, type Travelling } from '../remote/bundle.ts'

/** Something in a file that should perhaps not leave this machine. */
export interface Leak {
  readonly kind: 'secret' | 'environment' | 'content'
  /** In words, never the thing itself: "an AWS access key", the name of a variable or a config. */
  readonly what: string
  /** In a text in which every leak is stars. */
  readonly at: Span
}

/** Forms by which those who hand out secrets make them known, so that they can be found. */
const forms: readonly (readonly [what: string, form: RegExp])[] = [
  ['a private key', /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:[^-]{1,10000}-----END)?/g],
  ['an AWS access key', /\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{16}\b/g],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})\b/g],
  ['a GitLab token', /\bglpat-[A-Za-z0-9_-]{20,}/g],
  ['a Slack token', /\bxox[abprs]-[A-Za-z0-9-]{10,}/g],
  ['a Google key', /\bAIza[A-Za-z0-9_-]{35}\b/g],
  ['a Stripe key', /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/g],
  ['a Docker token', /\bdckr_pat_[A-Za-z0-9_-]{20,}/g],
  ['a JSON web token', /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g],
  ['a password in a URL', /[a-z][a-z0-9+.-]*:\/\/[^\s:/@"']*:(?!\$)[^\s/@$"']+@/gi],
]

/** What in files that are to be published should perhaps not be, in the order of the files. */
export function leaksIn(files: readonly Travelling[]): readonly Leak[] {
  return files.flatMap(file => {
    const found: Leak[] = forms.flatMap(([what, form]) =>
      [...file.source.text.matchAll(form)].map(match => ({
        kind: 'secret' as const,
        what,
        at: { source: file.source, start: match.index, end: match.index + match[0].length },
      })),
    )
    const free = ({ start, end }: Span) => !found.some(({ at }) => at.start < end && start < at.end)
    const written = file.kind === 'env' ? assignments(file.source) : file.documents.flatMap(literals)
    found.push(...written.filter(({ at }) => free(at)))
    const source = starred(file.source, found)
    return found.toSorted((a, b) => a.at.start - b.at.start).map(leak => ({ ...leak, at: { ...leak.at, source } }))
  })
}

/** Variables whose names tell of a secret and whose values stand in the file, and the contents of configs. */
function literals(document: Node): readonly Leak[] {
  const variables = servicesIn(document).flatMap(service => {
    const node = service.entries.get('environment')?.node
    if (node?.kind === 'dict')
      return [...node.entries].flatMap(([name, { node: value }]) =>
        isLiteral(value) && looksSecret(name) ? [{ kind: 'environment' as const, what: name, at: value.at }] : [],
      )
    return (node?.kind === 'list' ? node.items : []).flatMap(item => {
      const [, name = '', value = ''] = (item.kind === 'scalar' && /^([^=]+)=(.+)$/s.exec(String(item.value))) || []
      return name !== '' && !value.includes('$') && looksSecret(name)
        ? [{ kind: 'environment' as const, what: name, at: item.at }]
        : []
    })
  })
  const configs = document.kind === 'dict' ? document.entries.get('configs')?.node : undefined
  const contents = (configs?.kind === 'dict' ? [...configs.entries] : []).flatMap(([name, { node }]) => {
    const content = node.kind === 'dict' ? node.entries.get('content')?.node : undefined
    return content && isLiteral(content) ? [{ kind: 'content' as const, what: name, at: content.at }] : []
  })
  return [...variables, ...contents]
}

/** Said in the file itself, and not by a variable. */
const isLiteral = (node: Node) =>
  node.kind === 'scalar' && node.value !== null && node.value !== '' && !String(node.value).includes('$')

function assignments(source: Source): readonly Leak[] {
  return [...source.text.matchAll(/^[ \t]*(?:export[ \t]+)?([^\s=:#]+)[ \t]*[=:][ \t]*(\S[^\n]*)$/gm)]
    .filter(([, name = '']) => looksSecret(name))
    .map(match => {
      const end = match.index + match[0].length
      return { kind: 'environment', what: match[1]!, at: { source, start: end - match[2]!.length, end } }
    })
}

/** The same text with stars where the leaks are, so that a message can show the place. */
function starred({ name, text }: Source, leaks: readonly Leak[]): Source {
  const stars = leaks.reduce(
    (done, { at: { start, end } }) =>
      done.slice(0, start) + done.slice(start, end).replaceAll(/[^\r\n]/g, '*') + done.slice(end),
    text,
  )
  return { name, text: stars }
}
