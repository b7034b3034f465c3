import { userError } from '../text/problem.ts'

/**
 * A time as the engine takes it (seconds since the epoch), of what a user may write: seconds since the epoch, RFC 3339 with or
 * without time and zone (then the local one), or a duration back from now ("1h30m"). `name` is the flag's.
 */
export function moment(text: string, name: string, now: number): string {
  if (/^\d+(\.\d+)?$/.test(text)) return text
  const back = duration(text)
  if (back !== undefined) return seconds(now - back)
  if (/^\d{4}-\d\d-\d\d(T\d\d(:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text)) {
    const fraction = /\.\d+/.exec(text)?.[0] ?? ''
    const time = Date.parse(whole(text.replace(fraction, '')))
    if (!Number.isNaN(time)) return `${Math.trunc(time / 1000)}${fraction}`
  }
  throw userError(
    'bad-flag-value',
    `invalid value for "${name}": failed to parse value as time or duration: "${text}"`,
    'write a time such as "2026-11-21T10:00:00Z", or a duration such as "10m"',
  )
}

/** Date.parse wants minutes with an hour, and reads a date alone as UTC. */
function whole(text: string): string {
  const [, date, hour, minutes, rest] = /^(.{10})(?:T(\d\d)(:\d\d)?(.*))?$/.exec(text) ?? []
  return `${date}T${hour ?? '00'}${minutes ?? ':00'}${rest ?? ''}`
}

const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** Go's durations, in milliseconds. */
function duration(text: string): number | undefined {
  if (!/^-?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined
  const total = [...text.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * units[unit!]!,
    0,
  )
  return text.startsWith('-') ? -total : total
}

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(9)
