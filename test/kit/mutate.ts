/** Words that have a meaning to YAML, to Compose or to JavaScript. */
const words = [
  'null',
  '~',
  '[]',
  '{}',
  '""',
  '1',
  '-1',
  '1.5',
  '1e3',
  'true',
  'yes',
  '.inf',
  '0x1F',
  '2001-01-01',
  '99999999999999999999',
  '$',
  '${',
  '${A',
  '${A:-',
  '}',
  '${A:?x}',
  '$$',
  '!reset',
  '!override',
  '!!int x',
  '&a',
  '*a',
  '<<: *a',
  '<<: 1',
  '? a',
  '- ',
  ': ',
  ', ',
  '	',
  '\n',
  '---\n',
  '...\n',
  'services:',
  'image: x',
  'build: .',
  'extends: a',
  'include: [compose.yaml]',
  'networks: [n]',
  'depends_on: [a]',
  'ports: [80]',
  'volumes: [v:/x]',
  'environment: [A]',
  'x-a: 1',
  'profiles: [p]',
  '"',
  "'",
  '#',
  '|',
  '>-',
  '{',
  '[',
  ']',
  'é',
  '😀',
  '\0',
  '﻿',
  '\ud800',
  '__proto__: 1',
  'constructor',
  'toString',
]

/** A text with a few places changed. */
export function mutate(text: string, random: () => number): string {
  const pick = picker(random)
  let changed = text
  for (let n = 1 + Math.floor(random() * 4); n > 0; n--) {
    const at = Math.floor(random() * changed.length)
    const end = Math.min(changed.length, at + 1 + Math.floor(random() * 20))
    const lines = changed.split('\n')
    const line = Math.floor(random() * lines.length)
    const change = Math.floor(random() * 7)
    if (change === 0) changed = changed.slice(0, at) + changed.slice(end)
    else if (change === 1) changed = changed.slice(0, at) + pick(words) + changed.slice(at)
    else if (change === 2) changed = changed.slice(0, at) + pick(words) + changed.slice(end)
    else if (change === 3) changed = lines.toSpliced(line, 1).join('\n')
    else if (change === 4) changed = lines.toSpliced(line, 0, lines[Math.floor(random() * lines.length)]!).join('\n')
    else if (change === 5)
      changed = lines.with(line, ' '.repeat(Math.floor(random() * 6)) + lines[line]!.trim()).join('\n')
    else changed = lines.with(line, lines[line]!.replace(/: ?.*$/, `: ${pick(words)}`)).join('\n')
  }
  return changed
}

/** The same numbers for the same seed on every machine (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One of these, at random. */
export function picker(random: () => number): <T>(from: readonly T[]) => T {
  return from => from[Math.floor(random() * from.length)]!
}
