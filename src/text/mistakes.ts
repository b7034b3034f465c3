import type { Problem } from './problem.ts'
import type { Source } from './source.ts'
import { thorough } from './thorough.ts'

/** Nobody mends more at a time; and how many characters may be read again to find them. */
const most = 10
const effort = 256 * 1024

/**
 * The mistakes that stand behind the first ones. What follows from a mistake is told apart from what is one itself by taking the lines
 * of the first out: what is still wrong then is wrong by itself.
 */
export function furtherMistakes(source: Source, first: readonly Problem[], deepest: number): readonly Problem[] {
  const found: Problem[] = []
  let { text } = source
  let latest = first
  for (let read = text.length; latest.length && read <= effort; read += text.length) {
    if (latest.some(problem => problem.code === 'too-deep')) break
    const left = latest.reduce((rest, { at }) => withoutEntry(rest, at!.start), text)
    if (left === text) break
    text = left
    latest = thorough({ ...source, text }, deepest).problems.map(it => ({ ...it, at: { ...it.at!, source } }))
    found.push(...latest)
    if (first.length + found.length >= most) break
  }
  return found
}

/** The text with blanks for the line that holds this place, all that belongs to it, and every line that a tab begins. */
function withoutEntry(text: string, place: number): string {
  const start = text.lastIndexOf('\n', place - 1) + 1
  const indent = /^ */.exec(text.slice(start))![0].length
  const next = new RegExp(`^(?! *(?:#|$)| {${indent + 1}}| {${indent}}[\\]}])`, 'gm')
  next.lastIndex = text.indexOf('\n', place) + 1 || text.length
  const end = next.exec(text)?.index ?? text.length
  const blank = (lines: string) => lines.replaceAll(/[^\n]/g, ' ')
  return `${text.slice(0, start)}${blank(text.slice(start, end))}${text.slice(end)}`.replaceAll(/^ *\t.*/gm, blank)
}
