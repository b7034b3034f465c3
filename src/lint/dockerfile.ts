import type { Source, Span } from '../text/source.ts'

/** A Dockerfile as far as rules look into it: instructions in their places, nothing of what shells make of them. */
export interface Dockerfile {
  readonly path: string
  readonly source: Source
  /** The directory that is built; unknown where only the file was named. */
  readonly context: string | undefined
  /** The stage that is built, by name or number; the last one without it. */
  readonly target?: string
  /** Its places are about right: no word is to be replaced there. */
  readonly inexact?: true
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

/** Those that the image is made of: of the stage that is built, after those of the stages that it begins with. */
export function finalStage({
  instructions,
  target,
}: Pick<Dockerfile, 'instructions' | 'target'>): readonly Instruction[] {
  const stages = instructions
    .filter(({ word }) => word === 'FROM')
    .map(({ rest }) => {
      const [base = '', , name] = rest.split(/\s+/).filter(part => !part.startsWith('--'))
      return { base: base.toLowerCase(), name: name?.toLowerCase() }
    })
  const called = (name: string, before: number) =>
    stages.findLastIndex((stage, i) => i < before && (stage.name === name || String(i) === name))
  const asked = target === undefined ? -1 : called(target.toLowerCase(), stages.length)
  const chain: number[] = []
  for (let stage = asked < 0 ? stages.length - 1 : asked; stage >= 0; stage = called(stages[stage]!.base, stage))
    chain.unshift(stage)
  return chain.flatMap(stage => instructions.filter(one => one.stage === stage))
}

/** The instruction of that word that counts in the end. */
export const lastOf = (dockerfile: Dockerfile, word: string): Instruction | undefined =>
  finalStage(dockerfile).findLast(one => one.word === word)

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
