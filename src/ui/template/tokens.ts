import { bad } from './bad.ts'

/** A piece of a template: text that stands as it is, or the code between braces. */
export type Token = { readonly text: string } | { readonly code: string }

/** The pieces of a template, without the blanks that `{{-` and `-}}` take away. Throws UserError. */
export function tokens(template: string): readonly Token[] {
  const found: Token[] = []
  const say = (text: string) => void (text !== '' && found.push({ text }))
  let from = 0
  for (const match of template.matchAll(action)) {
    const [all, before, code = '', after] = match
    const text = template.slice(from, match.index)
    say(before ? text.trimEnd() : text)
    found.push({ code })
    from = match.index + all.length
    if (after) from += /^\s*/.exec(template.slice(from))![0].length
  }
  const last = template.slice(from)
  if (last.includes('{{')) throw bad(last, 'unclosed action')
  say(last)
  return found
}

/** What is quoted may hold braces. */
const action = /\{\{(-(?=\s))?\s*(\/\*[^]*?\*\/|(?:"(?:[^"\\]|\\.)*"|`[^`]*`|[^}"`]|\}(?!\}))*?)\s*((?<=\s)-)?\}\}/g

/** The words of some code: texts, numbers, names, fields (`.A.B`, `$x.A`, `).A`), and what stands between them. Throws UserError. */
export function words(code: string): readonly string[] {
  const found = code.match(word) ?? []
  if (found.join('') === code.replaceAll(blanks, '$1')) return found
  throw bad(code, 'it is not understood')
}

const word = /"(?:[^"\\]|\\.)*"|`[^`]*`|\$\w*(?:\.\w+)*|\)(?:\.\w+)*|\.(?:\w+(?:\.\w+)*)?|-?\d+|\w+|:=|[|,(]/g
/** Outside of quotes. */
const blanks = /("(?:[^"\\]|\\.)*"|`[^`]*`)|\s+/g
