import type { Span } from '../../../text/source.ts'

/** A Dockerfile as the engine knows it. */
export interface DockerfileText {
  readonly filename: string
  readonly text: string
}

/** A line of a Dockerfile, from 1, without what it is indented by. */
export function lineSpan({ filename, text }: DockerfileText, line: number): Span | undefined {
  const lines = text.split('\n')
  const written = lines[line - 1]
  if (written === undefined) return undefined
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
  const start = before + written.length - written.trimStart().length
  return { source: { name: filename, text }, start, end: Math.max(start, before + written.trimEnd().length) }
}

/** The line on which the instruction of a step begins: of "[web 2/3] COPY a /b" the second one of the stage "web" that makes a step. */
export function lineOf(text: string, step: string): number | undefined {
  const [, stage = 'stage-0', nth = '', keyword = ''] = /^\[(?:(\S+) )?(\d+)\/\d+\] (\w+)/.exec(step) ?? []
  const stages = stagesOf(text)
  const found = stages.find(({ name, index }) => name === stage || `stage-${index}` === stage)?.steps[Number(nth) - 1]
  return found && keywordOf(found.written) === keyword.toUpperCase() ? found.line : undefined
}

interface Instruction {
  readonly line: number
  readonly written: string
}

interface Stage {
  readonly index: number
  readonly name: string | undefined
  readonly steps: Instruction[]
}

/** Stages with what BuildKit counts in them: FROM where it takes an image, and what changes files. */
function stagesOf(text: string): readonly Stage[] {
  const stages: Stage[] = []
  for (const instruction of instructions(text)) {
    const keyword = keywordOf(instruction.written)
    if (keyword === 'FROM') {
      const [, base = '', name] = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(instruction.written) ?? []
      const takes = base !== 'scratch' && !stages.some(stage => stage.name === base.toLowerCase())
      stages.push({ index: stages.length, name: name?.toLowerCase(), steps: takes ? [instruction] : [] })
    } else if (['RUN', 'COPY', 'ADD', 'WORKDIR'].includes(keyword)) stages.at(-1)?.steps.push(instruction)
  }
  return stages
}

const keywordOf = (written: string) => written.trim().split(/\s/, 1)[0]!.toUpperCase()

/** Instructions with their continued lines put together, and without comments. */
function instructions(text: string): readonly Instruction[] {
  const found: { line: number; written: string }[] = []
  let open = false
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    if (/^\s*#/.test(raw) || (raw.trim() === '' && !open)) continue
    const continues = /\\\s*$/.test(raw)
    const part = continues ? raw.replace(/\\\s*$/, '') : raw
    if (open) found.at(-1)!.written += ` ${part}`
    else found.push({ line: i + 1, written: part })
    open = continues
  }
  return found
}
