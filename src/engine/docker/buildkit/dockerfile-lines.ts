import type { Span } from '../../../text/source.ts'
import type { DockerfilePlace } from '../../build.ts'

/** A line of a Dockerfile, without what it is indented by. */
export function lineSpan({ filename, text, line }: DockerfilePlace): Span | undefined {
  const lines = text.split('\n')
  const written = lines[line - 1]
  if (written === undefined) return undefined
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
  const start = before + written.length - written.trimStart().length
  return { source: { name: filename, text }, start, end: Math.max(start, before + written.trimEnd().length) }
}

/** The line on which the instruction of a step begins, where just one instruction is like it: "[web 2/3] COPY a /b". */
export function lineOf(text: string, step: string): number | undefined {
  const wanted = compact(step.replace(/^\[[^\]]*\] /, ''))
  const same = instructions(text).filter(({ written }) => compact(written) === wanted)
  return same.length === 1 ? same[0]!.line : undefined
}

/** Instructions with their continued lines put together, and without comments. */
function instructions(text: string): readonly { readonly line: number; readonly written: string }[] {
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

/** As BuildKit names a step: without flags, and with blanks as they come. */
function compact(instruction: string): string {
  return instruction
    .trim()
    .replace(/^(\w+)(?:\s+--[\w-]+(?:=\S+)?)+/, '$1')
    .replaceAll(/\s+/g, ' ')
}
