import type { Span } from '../text/source.ts'
import { type Dockerfile, parseDockerfile } from './dockerfile.ts'

/**
 * A Dockerfile that is written in a compose file (`dockerfile_inline`), its instructions in their places there. Where lines are not as
 * they were written (a variable in one, a text that is no block), the places are about right and nothing is mended.
 */
export function inlineDockerfile(text: string, at: Span, about: Pick<Dockerfile, 'path' | 'context'>): Dockerfile {
  const parsed = parseDockerfile(about.path, { name: at.source.name, text }, about.context)
  const lines = at.source.text[at.start] === '|' ? linesOf(text, at) : undefined
  const place = ({ start, end }: Span): Span => {
    const from = lines?.findLast(line => line.from <= start)
    const to = lines?.findLast(line => line.from < end)
    if (!from || !to) return at
    return { source: at.source, start: from.there(start), end: to.there(end) }
  }
  return {
    ...parsed,
    source: at.source,
    ...(!lines?.every(line => line.exact) && { inexact: true }),
    instructions: parsed.instructions.map(one => ({ ...one, at: place(one.at), restAt: place(one.restAt) })),
  }
}

/** A line of the text, and where its characters stand in the file. */
interface Line {
  readonly from: number
  readonly exact: boolean
  readonly there: (offset: number) => number
}

/** Each line of a literal block is one of the file, below the one with the "|"; what it said as `$$` is `$` by now. */
function linesOf(text: string, block: Span): readonly Line[] {
  const { source } = block
  let before = source.text.indexOf('\n', block.start) + 1
  let from = 0
  return text.split('\n').map(said => {
    const until = source.text.indexOf('\n', before)
    const written = source.text.slice(before, until < 0 ? undefined : until).replace(/\r$/, '')
    const start = before + written.length - written.trimStart().length
    const [own, begin] = [from, before]
    from += said.length + 1
    before += written.length + 1
    const indent = said.length - said.trimStart().length
    // Behind the last line end another entry may follow.
    if (said.trim() !== '' && written.trimStart().replaceAll('$$', '$') !== said.trimStart())
      return {
        from: own,
        exact: false,
        there: offset => (offset <= own + indent ? start : begin + written.trimEnd().length),
      }
    return {
      from: own,
      exact: true,
      there: offset => start + escaped(written.trimStart(), offset - own - indent),
    }
  })
}

/** How many characters were written for the first of those that are left. */
function escaped(written: string, count: number): number {
  let at = 0
  for (let left = count; left > 0; left--) at += written.startsWith('$$', at) ? 2 : 1
  return Math.min(at, written.length)
}
