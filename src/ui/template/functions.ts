import { isRecord, shown, truthy } from './values.ts'

/** What a template may call: those of docker, and of Go's own those that are about texts, lists and comparing. */
export const functions: Readonly<Record<string, (...values: readonly unknown[]) => unknown>> = {
  json: value => JSON.stringify(value),
  upper: value => shown(value).toUpperCase(),
  lower: value => shown(value).toLowerCase(),
  title: value => shown(value).replace(/^./, letter => letter.toUpperCase()),
  join: (list, by) => (Array.isArray(list) ? list.map(shown).join(shown(by)) : shown(list)),
  split: (text, by) => shown(text).split(shown(by)),
  // As docker's: blanks around a text, and its first letters.
  pad: (text, before, after) => ' '.repeat(Number(before)) + shown(text) + ' '.repeat(Number(after)),
  truncate: (text, most) => shown(text).slice(0, Number(most)),
  print: (...values) => values.map(shown).join(' '),
  println: (...values) => `${values.map(shown).join(' ')}\n`,
  printf: (format, ...values) => printed(shown(format), values),
  eq: (one, ...others) => others.some(other => shown(other) === shown(one)),
  ne: (one, other) => shown(one) !== shown(other),
  lt: (one, other) => order(one, other) < 0,
  le: (one, other) => order(one, other) <= 0,
  gt: (one, other) => order(one, other) > 0,
  ge: (one, other) => order(one, other) >= 0,
  not: value => !truthy(value),
  and: (...values) => values.find(value => !truthy(value)) ?? values.at(-1),
  or: (...values) => values.find(truthy) ?? values.at(-1),
  index: (of, ...keys) =>
    keys.reduce(
      (value, key) =>
        (isRecord(value) || Array.isArray(value)) && Object.hasOwn(value, String(key))
          ? Reflect.get(value, String(key))
          : undefined,
      of,
    ),
  slice: (of, from = 0, to = undefined) =>
    (Array.isArray(of) ? of : shown(of)).slice(Number(from), to === undefined ? undefined : Number(to)),
  len: value =>
    Array.isArray(value) ? value.length : isRecord(value) ? Object.keys(value).length : shown(value).length,
}

/** The functions of a heading, which stays as it is however the column under it is written. */
export const headingFunctions: typeof functions = {
  ...functions,
  ...Object.fromEntries(['json', 'upper', 'lower', 'title', 'truncate'].map(name => [name, (value: unknown) => value])),
}

function order(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other
  return shown(one) < shown(other) ? -1 : Number(shown(one) > shown(other))
}

/** The verbs of Go's fmt that a line of a list needs: `%s %v %q %d %x %t %f %%`, with widths and `-`, `0` and `+`. */
function printed(format: string, values: readonly unknown[]): string {
  let next = 0
  return format.replaceAll(/%([-+0]*)(\d*)(?:\.(\d+))?([svqdxtf%])/g, (_, flags: string, wide: string, exact, verb) => {
    if (verb === '%') return '%'
    if (next >= values.length) return `%!${verb}(MISSING)`
    const text = verbs[verb as keyof typeof verbs](values[next++], exact === undefined ? undefined : Number(exact))
    const signed = flags.includes('+') && /^\d/.test(text) ? `+${text}` : text
    if (flags.includes('-')) return signed.padEnd(Number(wide))
    return signed.padStart(Number(wide), flags.includes('0') ? '0' : ' ')
  })
}

const verbs = {
  s: (value: unknown, most?: number) => shown(value).slice(0, most),
  v: (value: unknown) => shown(value),
  q: (value: unknown) => JSON.stringify(shown(value)),
  d: (value: unknown) => String(Math.trunc(Number(shown(value)))),
  x: (value: unknown) => (typeof value === 'number' ? value.toString(16) : Buffer.from(shown(value)).toString('hex')),
  t: (value: unknown) => String(truthy(value)),
  f: (value: unknown, digits = 6) => Number(shown(value)).toFixed(digits),
}
