import {
  Composer,
  type Document,
  isAlias,
  isScalar,
  isSeq,
  Lexer,
  Parser,
  type YAMLError,
  type YAMLMap,
  type Node as YamlNode,
} from 'yaml'
import { type Parsed, type ParsedDocument, rangeOf, withoutBlanks } from './parsed.ts'
import type { Problem } from './problem.ts'
import { tooDeep } from './refused.ts'
import type { Source } from './source.ts'
import { syntaxProblem, tabIndent } from './syntax.ts'

/**
 * The documents of a text as the package `yaml` reads them, which goes on after a mistake and knows what it is; and the first mistake
 * of each, since the rest mostly follow from it.
 */
export function thorough(
  source: Source,
  deepest: number,
): { readonly documents: readonly ParsedDocument[]; readonly problems: readonly Problem[] } {
  const { text } = source
  const documents: ParsedDocument[] = []
  const problems: Problem[] = []
  // Where the latest quoted scalar begins: one that is not closed runs on to where it is noticed.
  let lastQuote = 0
  let tab: Problem | undefined
  const open: number[] = []
  const take = (document: Document.Parsed) => {
    const error = document.errors.filter(isMistake).toSorted((a, b) => a.pos[0] - b.pos[0])[0]
    if (!error) documents.push(parsed(document, text))
    else if (error.code !== 'TAB_AS_INDENT' || !tab)
      problems.push(syntaxProblem(source, error, { lastQuote, openBracket: open.at(-1) }))
  }
  // What the values mean is for tree.ts to say, as go-yaml has it.
  const composer = new Composer({
    schema: 'failsafe',
    resolveKnownTags: false,
    uniqueKeys: false,
    keepSourceTokens: false,
  })
  const parser = new Parser()
  let lineStart = true
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme[0] === '"' || lexeme[0] === "'") lastQuote = parser.offset
    if (lexeme === '[' || lexeme === '{') open.push(parser.offset)
    else if (lexeme === ']' || lexeme === '}') open.pop()
    else if (lineStart && open.length === 0 && /^[ \t]*\t[ \t]*$/.test(lexeme)) {
      // Of a blank line or a comment too: go-yaml reads no tab where a line begins.
      if (!tab) problems.push((tab = tabIndent(source, parser.offset)))
    }
    lineStart = lexeme === '\n' || lexeme === '\r\n' || (lineStart && lexeme < ' ')
    for (const token of parser.next(lexeme)) for (const document of composer.next(token)) take(document)
    if (parser.stack.length > deepest) {
      problems.push(tooDeep(source, parser.offset, deepest))
      return { documents, problems }
    }
  }
  for (const token of parser.end()) for (const document of composer.next(token)) take(document)
  for (const document of composer.end(false, text.length)) take(document)
  return { documents, problems }
}

/** go-yaml reads a comment that follows a quoted text without a blank. */
function isMistake({ message }: YAMLError): boolean {
  return !message.startsWith('Comments must be separated')
}

function parsed({ contents, directives }: Document.Parsed, text: string): ParsedDocument {
  const version = directives.yaml.explicit ? directives.yaml.version : undefined
  return { version, root: contents ? value(contents, text) : empty(0) }
}

const empty = (at: number) => ({ kind: 'scalar', text: '', plain: true, start: at, end: at }) as const

function value(node: YamlNode, text: string): Parsed {
  const [start, stop] = node.range!
  if (isAlias(node)) return { kind: 'alias', name: node.source, start, end: stop }
  const { anchor, tag } = node as { anchor?: string; tag?: string }
  if (isScalar(node)) {
    if (start === stop) return { ...empty(withoutBlanks(text, 0, start)), tag, anchor }
    const block = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED'
    const end = block ? withoutBlanks(text, start, stop) : stop
    return { kind: 'scalar', text: String(node.value), plain: node.type === 'PLAIN', tag, anchor, start, end }
  }
  const inBrackets = node.flow === true && '[{'.includes(text[start]!)
  if (isSeq(node)) {
    const items = node.items.map(item => value(item as YamlNode, text))
    return { kind: 'list', items, tag, anchor, start, end: inBrackets ? stop : (items.at(-1)?.end ?? start) }
  }
  const pairs = (node as YAMLMap<YamlNode, YamlNode | null>).items.map(pair => {
    const key = value(pair.key, text)
    return [key, pair.value ? value(pair.value, text) : empty(key.end)] as const
  })
  const range = (inBrackets ? undefined : rangeOf(pairs)) ?? { start, end: stop }
  return { kind: 'dict', pairs, tag, anchor, ...range }
}
