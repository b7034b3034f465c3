import type { Source, Span } from '../text/source.ts'

/** A Dockerfile as far as rules look into it: instructions in their places, nothing of what shells make of them. */
export interface Dockerfile {
  readonly path: string
  readonly source: Source
  /** The directory that is built; unknown where only the file was named. */
  readonly context: string | undefined
  readonly instructions: readonly Instruction[]
}

export interface Instruction {
  /** In capitals. */
  readonly word: string
  /** What follows the word, on one line, without continuation signs and comments. */
  readonly rest: string
  /** From the word to the end of what belongs to it. */
  readonly at: Span
  /** Where the rest begins and ends. */
  readonly restAt: Span
  /** 0 for the first FROM; -1 before it. */
  readonly stage: number
}

/** One pass over the lines, as BuildKit joins them (docs: Dockerfile reference, format, here-documents). */
export function parseDockerfile(path: string, source: Source, context?: string): Dockerfile {
  const instructions: Instruction[] = []
  const { text } = source
  const mark = /^[ \t]*#[ \t]*escape[ \t]*=[ \t]*`/im.test(text.slice(0, 500)) ? '`' : '\\'
  const lines = text.split('\n')
  let offset = 0
  let stage = -1
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    const begin = offset
    offset += line.length + 1
    if (/^\s*(?:#|$)/.test(line)) continue
    const start = begin + line.search(/\S/)
    const parts: string[] = []
    let last = line
    let lastBegin = begin
    for (;;) {
      const content = last.trimEnd()
      const continues = content.endsWith(mark)
      if (!/^\s*#/.test(last) || parts.length === 0) parts.push(continues ? content.slice(0, -1) : content)
      const open = continues || (/^\s*(?:#|$)/.test(last) && parts.length > 0 && last !== line)
      if (!open || i + 1 >= lines.length) break
      last = lines[++i]!
      lastBegin = offset
      offset += last.length + 1
    }
    const end = Math.max(start, lastBegin + last.trimEnd().length)
    const whole = parts.map(part => part.trim()).join(' ')
    const [, word = '', rest = ''] = /^(\S+)\s*([^]*)$/.exec(whole) ?? []
    for (const [, delimiter] of word.toUpperCase() === 'FROM' ? [] : rest.matchAll(/<<-?["']?(\w+)["']?/g))
      while (i + 1 < lines.length) {
        const body = lines[++i]!
        offset += body.length + 1
        if (body.trim() === delimiter) break
      }
    if (word.toUpperCase() === 'FROM') stage++
    const restStart = start + word.length + (/^\s*/.exec(text.slice(start + word.length, end))?.[0].length ?? 0)
    instructions.push({
      word: word.toUpperCase(),
      rest,
      at: { source, start, end },
      restAt: { source, start: restStart, end },
      stage,
    })
  }
  return { path, source, context, instructions }
}

/** Those of the last stage, which the image is made of. */
export function finalStage({ instructions }: Dockerfile): readonly Instruction[] {
  const last = instructions.at(-1)?.stage ?? -1
  return instructions.filter(({ stage }) => stage === last && stage >= 0)
}

/** `["a", "b"]` as its words; undefined for the shell form. */
export function execForm(rest: string): readonly string[] | undefined {
  if (!rest.startsWith('[')) return undefined
  try {
    const words: unknown = JSON.parse(rest)
    return Array.isArray(words) && words.every(word => typeof word === 'string') ? words : undefined
  } catch {
    return undefined
  }
}
