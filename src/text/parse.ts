import { Composer, Lexer, Parser, type Document } from 'yaml'
import type { Node } from './node.ts'
import type { Report } from './problem.ts'
import type { Source } from './source.ts'
import { syntaxProblem, tabIndent, tooDeep } from './syntax.ts'
import { tree } from './tree.ts'

/** Collections within collections: go-yaml stops at 10 000, after twenty seconds; nobody writes a hundred. */
const deepest = 500

/**
 * The documents of a YAML text as trees with positions; aliases are the same node again.
 * A syntax error goes to `report`, the first of each document, since the rest mostly follow from it; such a document is left out.
 */
export function parse(source: Source, report: Report): readonly Node[] {
  const documents: Node[] = []
  // Where the latest quoted scalar begins: one that is not closed runs on to where it is noticed.
  let lastQuote = 0
  const take = (document: Document.Parsed) => {
    // go-yaml reads a comment that follows a quoted text without a blank.
    const errors = document.errors.filter(({ message }) => !message.startsWith('Comments must be separated'))
    const error = errors.toSorted((a, b) => a.pos[0] - b.pos[0])[0]
    if (error?.code === 'TAB_AS_INDENT' && tabTold) return
    if (error) report(syntaxProblem(source, error, { lastQuote, openBracket: open.at(-1) }))
    else {
      const node = tree(document, source, report)
      if (node) documents.push(node)
    }
  }
  // Values are read by tree.ts, as go-yaml reads them; keys are compared there, with both places.
  const composer = new Composer({
    schema: 'failsafe',
    resolveKnownTags: false,
    uniqueKeys: false,
    keepSourceTokens: false,
  })
  const parser = new Parser()
  let lineStart = true
  const open: number[] = []
  let tabTold = false
  for (const lexeme of new Lexer().lex(source.text)) {
    if (lexeme[0] === '"' || lexeme[0] === "'") lastQuote = parser.offset
    if (lexeme === '[' || lexeme === '{') open.push(parser.offset)
    else if (lexeme === ']' || lexeme === '}') open.pop()
    else if (lineStart && open.length === 0 && /^[ \t]*\t[ \t]*$/.test(lexeme)) {
      // Of a blank line or a comment too: go-yaml reads no tab where a line begins.
      if (!tabTold) report(tabIndent(source, parser.offset))
      tabTold = true
    }
    lineStart = lexeme === '\n' || lexeme === '\r\n' || (lineStart && lexeme < ' ')
    for (const token of parser.next(lexeme)) for (const document of composer.next(token)) take(document)
    if (parser.stack.length > deepest) {
      report(tooDeep(source, parser.offset, deepest))
      return documents
    }
  }
  for (const token of parser.end()) for (const document of composer.next(token)) take(document)
  for (const document of composer.end(false, source.text.length)) take(document)
  return documents
}
