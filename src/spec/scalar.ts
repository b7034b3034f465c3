import { suggest } from '../base/suggest.ts'
import type { Node, Scalar } from '../text/node.ts'
import { type Context, later, type Schema, type Shape } from './shape.ts'
import { bad, notFinite, quoted, scalarText, warn, wrongType } from './wrong.ts'

type Read = (node: Scalar, context: Context) => Node | undefined

/** A shape of one value: `read` says whether it fits, and keeps or casts it. */
export function single<T>(
  expects: string,
  schema: Schema,
  read: Read,
  decode: (node: Scalar, context: Context) => T,
  encode: (value: T) => ReturnType<Shape<T>['encode']>,
): Shape<T> {
  return {
    expects,
    schema,
    canon: (node, context) => (node.kind === 'scalar' ? read(node, context) : wrongType(expects, node, context)),
    merge: later,
    decode: (node, context) => decode(node as Scalar, context),
    encode,
  }
}

const notEmpty = (value: string) => (value === '' ? undefined : value)

/** Text that is text in the file: a number must stand in quotes. */
export const text: Shape<string> = single(
  'text',
  { type: 'string' },
  (node, context) =>
    typeof node.value === 'string' && node.written !== 'time' ? node : wrongType('text', node, context),
  scalarText,
  notEmpty,
)

/** Text that must match a pattern. */
export function matching(pattern: RegExp, what: string, hint: string): Shape<string> {
  return {
    ...text,
    expects: what,
    schema: { type: 'string', pattern: pattern.source },
    canon(node, context) {
      const made = text.canon(node, context)
      if (made?.kind !== 'scalar' || pattern.test(made.value as string) || !settled(made, context)) return made
      return bad('bad-value', `${quoted(made.value as string)} is not ${what}`, node.at, context, hint)
    },
  }
}

/** One of several words. */
export function choice<const T extends string>(...words: readonly T[]): Shape<T> {
  const expects = `one of ${words.map(word => `"${word}"`).join(', ')}`
  return single(
    expects,
    { enum: words },
    (node, context) => {
      if (words.includes(node.value as T) || !settled(node, context)) return node
      return typeof node.value === 'string'
        ? bad('bad-value', `${quoted(node.value)} is not ${expects}`, node.at, context, nearest(node.value, words))
        : wrongType(expects, node, context)
    },
    node => node.value as T,
    value => value,
  )
}

function nearest(word: string, words: readonly string[]): string {
  const near = suggest(word, words)
  return near === undefined ? 'write one of these' : `did you mean "${near}"?`
}

/** Text, or a number or (where `kinds` has them) a boolean or nothing, which become text as Go prints them. */
export function printable(...kinds: readonly ('number' | 'boolean' | 'null')[]): Shape<string> {
  const expects = ['text', ...kinds.filter(kind => kind !== 'null').map(kind => `a ${kind}`)].join(' or ')
  return {
    ...single(
      expects,
      { type: ['string', ...kinds] },
      (node, context) => {
        const { value } = node
        if (notFinite(node, context)) return undefined
        const kind = value === null ? 'null' : typeof value === 'boolean' ? 'boolean' : 'number'
        return typeof value === 'string' || kinds.includes(kind) ? node : wrongType(expects, node, context)
      },
      scalarText,
      value => value,
    ),
    ...(kinds.includes('null') && { empty: 'value' as const }),
  }
}

/** Text or a whole number, which becomes text; a float does not. */
export const textOrInteger: Shape<string> = single(
  'text or a whole number',
  { type: ['string', 'number'] },
  (node, context) =>
    typeof node.value === 'string' || typeof node.value === 'number' || typeof node.value === 'bigint'
      ? node
      : wrongType('text or a whole number', node, context),
  scalarText,
  notEmpty,
)

const yes = /^(?:y|yes|on)$/i
const no = /^(?:n|no|off)$/i

/** true or false, also as text; `yes` and `no` and their like with a warning. */
export const flag: Shape<boolean> = single(
  'true or false',
  { type: ['boolean', 'string'] },
  (node, context) => {
    const { value } = node
    if (typeof value === 'boolean' || (typeof value === 'string' && context.interpolated === false)) return node
    if (typeof value !== 'string') return wrongType('true or false', node, context)
    if (/^(?:true|false)$/i.test(value)) return { ...node, value: value.toLowerCase() === 'true' }
    if (!yes.test(value) && !no.test(value))
      return bad('bad-boolean', `${quoted(value)} is neither true nor false`, node.at, context, 'write true or false')
    const meant = yes.test(value)
    warn('yaml-boolean', `"${value}" is read as ${meant}`, node.at, context, `write ${meant}`)
    return { ...node, value: meant }
  },
  node => node.value === true,
  value => (value ? true : undefined),
)

/** true or false as YAML has them: no text. */
export const strictFlag: Shape<boolean> = {
  ...flag,
  schema: { type: 'boolean' },
  canon: (node, context) =>
    node.kind === 'scalar' && typeof node.value === 'boolean' ? node : wrongType('true or false', node, context),
}

/** Whether a text is final: with `${…}` still in it, nothing can be said of it. */
function settled(node: Scalar, { interpolated }: Context): boolean {
  return interpolated !== false || typeof node.value !== 'string' || !node.value.includes('$')
}
