const written =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]| +)(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?)?$/

/**
 * An unquoted date as go-yaml makes a time of it and Go prints that: `2001-01-01` is "2001-01-01 00:00:00 +0000 UTC".
 * Undefined for what is no date.
 */
export function timestampText(text: string): string | undefined {
  const match = written.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction, zone] = match
  const blank = text.includes(' ')
  // Of the forms with a time, the one with a blank has no zone, the one with a T must have one.
  if (match[4] !== undefined && blank === (zone !== undefined)) return undefined
  const numbers = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const [y, mo, d, h, mi, s] = numbers
  const days = new Date(Date.UTC(y, mo, 0)).getUTCDate()
  if (mo < 1 || mo > 12 || d < 1 || d > days || h > 23 || mi > 59 || s > 59) return undefined
  const two = (n: number) => String(n).padStart(2, '0')
  const part = fraction === undefined ? '' : `.${fraction}`.replace(/\.?0+$/, '')
  const offset = zone === undefined || zone === 'Z' ? '+0000 UTC' : `${zone.replace(':', '')} ${zone.replace(':', '')}`
  return `${year}-${two(mo)}-${two(d)} ${two(h)}:${two(mi)}:${two(s)}${part} ${offset}`
}
