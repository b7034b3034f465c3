import { goInteger, goParsedFloat, shortestFloat32 } from '../base/go-number.ts'
import { formatDuration, formatSize, parseDuration, parseSize } from '../base/units.ts'
import type { Node, Scalar } from '../text/node.ts'
import { single } from './scalar.ts'
import type { Context, Shape } from './shape.ts'
import { bad, notFinite, quoted, scalarText, warn, wrongType } from './wrong.ts'

const notZero = (value: number) => (value === 0 ? undefined : value)

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
    return bad('out-of-range', `${scalarText(node)} is not ${expects}`, node.at, context, `write a number${range}`)
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
      if (notFinite(node, context)) return undefined
      if (typeof value !== 'object' || value === null) return wrongType(expects, node, context)
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
    if (typeof value === 'object' && value !== null) return notFinite(node, context) ? undefined : node
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
      if (notFinite(node, context)) return undefined
      if (typeof value !== 'object') return node
      return numbers === 'any' || Number.isInteger(value.float) ? node : wrongType(expects, node, context)
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
  return { ...shape, encode: value => shape.encode(value) ?? zero ?? value }
}

function numberOf({ value }: Scalar): number {
  if (typeof value === 'object' && value !== null) return value.float
  return Number(value)
}
