import type { Scalar } from './node.ts'

const nulls = new Set(['', '~', 'null', 'Null', 'NULL'])
const booleans = new Map([
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
])
const decimal = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
const infinite = /^([-+]?)\.(?:inf|Inf|INF)$/
const notANumber = /^\.(?:nan|NaN|NAN)$/
const int64 = 2n ** 63n
const uint64 = 2n ** 64n

/**
 * What an unquoted scalar means to go-yaml, which docker compose reads files with: YAML 1.2 booleans, YAML 1.1 octals
 * and underscores, `08` the float 8, `60:30` text.
 */
export function plainValue(text: string): Scalar['value'] {
  if (nulls.has(text)) return null
  const truth = booleans.get(text)
  if (truth !== undefined) return truth
  return /^[-+.0-9]/.test(text) ? (numberValue(text) ?? text) : text
}

/** A number as go-yaml reads it, or undefined for what is none. */
export function numberValue(text: string): Scalar['value'] | undefined {
  const digits = text.includes('_') ? text.replaceAll('_', '') : text
  if (/^-0+$/.test(digits)) return { float: -0 }
  const whole = wholeNumber(digits)
  if (whole !== undefined && whole > -int64 - 1n && whole < uint64) {
    return whole >= BigInt(Number.MIN_SAFE_INTEGER) && whole <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(whole) : whole
  }
  if (decimal.test(digits)) {
    const float = Number(digits)
    return Number.isFinite(float) ? { float } : undefined
  }
  const infinity = infinite.exec(text)
  if (infinity) return { float: infinity[1] === '-' ? -Infinity : Infinity }
  return notANumber.test(text) ? { float: Number.NaN } : undefined
}

function wholeNumber(digits: string): bigint | undefined {
  if (/^[-+]?(?:0|[1-9][0-9]{0,14})$/.test(digits)) return BigInt(Number(digits))
  const match = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*))$/.exec(digits)
  if (!match) return undefined
  const [, sign, hex, binary, octal, plain] = match
  const size = hex ? BigInt(`0x${hex}`) : binary ? BigInt(`0b${binary}`) : octal ? BigInt(`0o${octal}`) : BigInt(plain!)
  return sign === '-' ? -size : size
}
