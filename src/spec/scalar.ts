import { goInteger, goParsedFloat, shortestFloat32 } from '../base/go-number.ts'
import { suggest } from '../base/suggest.ts'
import { formatDuration, formatSize, parseDuration, parseSize } from '../base/units.ts'
import { type Node, type Scalar, scalar } from '../text/node.ts'
import { type Context, later, type Schema, type Shape } from './shape.ts'
import { bad, quoted, scalarText, warn, wrongType } from './wrong.ts'

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
const notZero = (value: number) => (value === 0 ? undefined : value)

/** Text that is text in the file: a number must stand in quotes. */
export const text: Shape<string> = single(
  'text',
  { type: 'string' },
  (node, context) => (typeof node.value === 'string' ? node : wrongType('text', node, context)),
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

interface Whole {
  readonly minimum?: number
  readonly maximum?: number
  /** A float is cut instead of refused. */
  readonly cut?: boolean
  /** `false`: the number must be a number in the file. */
  readonly fromText?: boolean
}

/** A whole number, also as text. */
export function integer({ minimum, maximum, cut = false, fromText = true }: Whole = {}): Shape<number> {
  const range =
    minimum === undefined ? '' : maximum === undefined ? ` from ${minimum}` : ` from ${minimum} to ${maximum}`
  const expects = `a whole number${range}`
  const type = [cut ? 'number' : 'integer', ...(fromText ? ['string'] : [])]
  const within = (node: Scalar, number: number, context: Context): Node | undefined => {
    if ((minimum === undefined || number >= minimum) && (maximum === undefined || number <= maximum)) return node
    return bad('out-of-range', `${scalarText(node)} is not ${expects}`, node.at, context)
  }
  return single(
    expects,
    { type, ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) },
    (node, context) => {
      const { value } = node
      if (typeof value === 'string' && fromText) {
        if (context.interpolated === false) return node
        const number = goInteger(value)
        if (number === undefined)
          return bad('bad-number', `${quoted(value)} is not a whole number`, node.at, context, 'write digits only')
        return within({ ...node, value: number }, number, context)
      }
      if (typeof value === 'number' || typeof value === 'bigint') return within(node, Number(value), context)
      if (typeof value !== 'object' || value === null || !Number.isFinite(value.float))
        return wrongType(expects, node, context)
      if (!cut && !Number.isInteger(value.float)) return wrongType(expects, node, context)
      if (!Number.isInteger(value.float))
        warn(
          'cut-number',
          `${scalarText(node)} is cut to ${Math.trunc(value.float)}`,
          node.at,
          context,
          `write ${expects}`,
        )
      return within(node, value.float, context)
    },
    node => Math.trunc(numberOf(node)),
    notZero,
  )
}

/** A number with a fraction, also as text. Written with the precision of 32 bits, as docker compose keeps it. */
export const float: Shape<number> = single(
  'a number',
  { type: ['number', 'string'] },
  (node, context) => {
    const { value } = node
    if (typeof value === 'number' || typeof value === 'bigint') return node
    if (typeof value === 'object' && value !== null)
      return Number.isFinite(value.float) ? node : wrongType('a number', node, context)
    if (typeof value !== 'string') return wrongType('a number', node, context)
    if (context.interpolated === false) return node
    const number = goParsedFloat(value)
    if (number === undefined)
      return bad('bad-number', `${quoted(value)} is not a number`, node.at, context, 'write it as in "0.5"')
    return { ...node, value: { float: number } }
  },
  numberOf,
  value => notZero(shortestFloat32(value)),
)

interface Size {
  /** What a number in the file may be, besides text. */
  readonly numbers?: 'any' | 'whole' | 'none'
}

/** Bytes: a number, or text as in "64m". */
export function size({ numbers = 'any' }: Size = {}): Shape<number> {
  const expects = numbers === 'none' ? 'text with a size such as "64m"' : 'a size such as "64m"'
  const type = { any: ['number', 'string'], whole: ['integer', 'string'], none: 'string' }[numbers]
  return single(
    expects,
    { type },
    (node, context) => {
      const { value } = node
      if (typeof value === 'string') return node
      if (value === null || typeof value === 'boolean' || numbers === 'none') return wrongType(expects, node, context)
      if (typeof value !== 'object') return node
      return Number.isFinite(value.float) && (numbers === 'any' || Number.isInteger(value.float))
        ? node
        : wrongType(expects, node, context)
    },
    (node, context) => {
      const { value } = node
      if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
      if (typeof value === 'string') {
        const bytes = parseSize(value)
        if (bytes === undefined)
          bad('bad-size', `${quoted(value)} is not a size`, node.at, context, 'write a number and b, k, m or g: "64m"')
        return bytes ?? 0
      }
      // docker compose reads a float as no size at all; another model would recreate its containers.
      warn(
        'float-size',
        `${scalarText(node)} is a float, which docker compose reads as 0: no limit`,
        node.at,
        context,
        `write it in quotes with a unit, as in "${scalarText(node)}g"`,
      )
      return 0
    },
    bytes => (bytes === 0 ? undefined : formatSize(bytes)),
  )
}

/** Milliseconds, out of text as in "1m30s". */
export const duration: Shape<number> = single(
  'a duration such as "1m30s"',
  { type: 'string', format: 'duration' },
  (node, context) =>
    typeof node.value === 'string'
      ? node
      : wrongType('a duration such as "1m30s"', node, context, `write the unit, as in "${scalarText(node) || 30}s"`),
  (node, context) => {
    const value = node.value as string
    const milliseconds = parseDuration(value)
    if (milliseconds === undefined)
      bad(
        'bad-duration',
        `${quoted(value)} is not a duration`,
        node.at,
        context,
        /^[0-9.]+$/.test(value) ? `write the unit: "${value}s"` : 'write numbers with units, as in "1m30s"',
      )
    return milliseconds ?? 0
  },
  value => (value === 0 ? undefined : formatDuration(value)),
)

/** For values that Go keeps behind a pointer: zero and false are written when they were said. */
export function said<T extends number | boolean>(shape: Shape<T>): Shape<T> {
  const zero = shape.schema['format'] === 'duration' ? '0s' : undefined
  return { ...shape, encode: value => shape.encode(value) ?? zero ?? (value as number | boolean) }
}

function numberOf({ value }: Scalar): number {
  if (typeof value === 'object' && value !== null) return value.float
  return Number(value)
}

/** Whether a text is final: with `${…}` still in it, nothing can be said of it. */
function settled(node: Scalar, { interpolated }: Context): boolean {
  return interpolated !== false || typeof node.value !== 'string' || !node.value.includes('$')
}

export const made = (value: Scalar['value'], from: Node): Scalar => scalar(value, from.at)
