import { goParsedFloat } from './go-number.ts'

/** Nanoseconds in each unit that docker compose knows. */
const durationUnits: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 24 * 3600e9,
  w: 7 * 24 * 3600e9,
}
const longestDuration = 2 ** 63

/** "1m30s" as milliseconds (fractions down to the nanosecond); undefined for what is no duration. */
export function parseDuration(text: string): number | undefined {
  const [, sign = '', rest = ''] = /^([-+]?)(.*)$/s.exec(text) ?? []
  if (rest === '0') return 0
  if (rest === '') return undefined
  const part = /([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h|d|w)/y
  let nanoseconds = 0
  while (part.lastIndex < rest.length) {
    const match = part.exec(rest)
    if (!match) return undefined
    nanoseconds += Number(match[1]) * durationUnits[match[2]!]!
  }
  if (nanoseconds >= longestDuration) return undefined
  const whole = Math.round(nanoseconds) / 1e6
  return sign === '-' && whole ? -whole : whole
}

/** Milliseconds as Go prints a duration: `1m30s`, `24h0m0s`, `1.5s`, `20ms`. */
export function formatDuration(milliseconds: number): string {
  const total = BigInt(Math.round(milliseconds * 1e6))
  if (total === 0n) return '0s'
  const sign = total < 0n ? '-' : ''
  const nanoseconds = total < 0n ? -total : total
  if (nanoseconds < 1_000n) return `${sign}${nanoseconds}ns`
  if (nanoseconds < 1_000_000n) return `${sign}${fraction(nanoseconds, 3)}µs`
  if (nanoseconds < 1_000_000_000n) return `${sign}${fraction(nanoseconds, 6)}ms`
  const minutes = nanoseconds / 60_000_000_000n
  const seconds = fraction(nanoseconds % 60_000_000_000n, 9)
  if (minutes === 0n) return `${sign}${seconds}s`
  const hours = minutes / 60n
  return hours === 0n ? `${sign}${minutes}m${seconds}s` : `${sign}${hours}h${minutes % 60n}m${seconds}s`
}

function fraction(value: bigint, digits: number): string {
  const unit = 10n ** BigInt(digits)
  const rest = String(value % unit)
    .padStart(digits, '0')
    .replace(/0+$/, '')
  return rest ? `${value / unit}.${rest}` : String(value / unit)
}

const sizeUnits = ['b', 'k', 'm', 'g', 't', 'p']

/** "1.5g" as bytes: 1024-based, units b k m g t p with an optional b or ib; undefined for what is no size. "-1" is -1. */
export function parseSize(text: string): number | undefined {
  if (text === '-1') return -1
  const match = /^(\+?[0-9.]+(?:[eE][-+]?[0-9]+)?) ?(?:([bkmgtp])|([kmgtp])i?b)?$/i.exec(text)
  const number = match && goParsedFloat(match[1]!)
  if (number === null || number === undefined) return undefined
  const unit = sizeUnits.indexOf((match![2] ?? match![3] ?? 'b').toLowerCase())
  const bytes = Math.trunc(number * 1024 ** unit)
  return bytes > 2 ** 63 ? undefined : bytes
}

/** Bytes as docker compose writes them: digits only. */
export function formatSize(bytes: number): string {
  // The largest int64 has no double of its own; it stands for "no limit".
  return bytes >= 2 ** 63 ? '9223372036854775807' : String(BigInt(Math.trunc(bytes)))
}

/** Bytes as people write them: `32M`, `1536M`; digits only where no unit fits. */
export function humanSize(bytes: number): string {
  if (bytes <= 0) return String(bytes)
  // Beyond four digits a number in a unit is no easier to read than one without.
  for (const [i, unit] of ['T', 'G', 'M', 'K'].entries()) {
    const amount = bytes / 1024 ** (4 - i)
    if (Number.isInteger(amount) && amount < 10_000) return `${amount}${unit}`
  }
  return formatSize(bytes)
}

/** Bytes as a sentence says them: `64 MiB`, `1.5 GiB`. */
export function spokenSize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let amount = bytes
  let unit = 0
  for (; amount >= 1024 && unit < units.length - 1; unit++) amount /= 1024
  return `${Number(amount.toFixed(1))} ${units[unit]}`
}

/** Milliseconds as people write a duration: `1h30m`, `10s`, without the parts that are zero. */
export function humanDuration(milliseconds: number): string {
  return formatDuration(milliseconds)
    .replace(/(?<=[hm])0s$/, '')
    .replace(/(?<=h)0m$/, '')
}
