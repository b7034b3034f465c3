import type { YAMLError } from 'yaml'
import { colonOf, endOfLine, firstLine, glued, quoted, shownFrom } from './around.ts'
import type { Problem } from './problem.ts'
import type { Source, Span } from './source.ts'

/** What the reader has seen so far: mistakes are noticed later than they are made. */
export interface Seen {
  /** Where the latest quoted scalar begins: one that is not closed runs on to where it is noticed. */
  readonly lastQuote: number
  /** Where the innermost bracket stands that is not closed yet. */
  readonly openBracket: number | undefined
}

/** A YAML syntax error in our words: what is so, where it begins, and what to do. */
export function syntaxProblem(source: Source, error: YAMLError, seen: Seen): Problem {
  const at = { source, start: error.pos[0], end: Math.max(error.pos[1], error.pos[0] + 1) }
  const { code = 'yaml-syntax', message, hint, ...place } = conflict(at) ?? explain(error, at, source.text, seen)
  return {
    code,
    severity: 'error',
    message,
    ...(hint !== undefined && { hint }),
    at: place.at ?? at,
    ...(place.notes && { notes: place.notes }),
  }
}

export function tabIndent(source: Source, offset: number): Problem {
  const start = source.text.indexOf('\t', offset)
  return {
    code: 'yaml-syntax',
    severity: 'error',
    message: 'a tab is used to indent',
    hint: 'indent with spaces',
    at: { source, start, end: start + 1 },
  }
}

/** What version control leaves in a file that two people changed. */
function conflict({ source: { text }, start }: Span): Explained | undefined {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start + 8)
  if (!/^\s*(?:<{7}|={7}|>{7}|\|{7})/.test(line)) return undefined
  return {
    code: 'merge-conflict',
    message: 'a merge conflict is left in the file',
    hint: 'keep one side of it, and remove the lines of <, = and >',
  }
}

function notClosed(openBracket: number, at: Span, text: string): Explained {
  const bracket = text[openBracket]!
  const end = text.indexOf('\n', openBracket)
  const commented = / #/.test(text.slice(openBracket, end < 0 ? undefined : end))
  return {
    message: `the ${bracket} is not closed`,
    hint: `add the ${bracket === '[' ? ']' : '}'}${commented ? ': what follows " #" is a comment' : ''}`,
    at: { source: at.source, start: openBracket, end: openBracket + 1 },
  }
}

interface Explained extends Partial<Pick<Problem, 'at' | 'notes' | 'hint' | 'code'>> {
  readonly message: string
}

function explain(error: YAMLError, at: Span, text: string, seen: Seen): Explained {
  const { code, message } = error
  const lineOf = (offset: number) => text.slice(text.lastIndexOf('\n', offset - 1) + 1, endOfLine(text, offset))
  switch (code) {
    case 'TAB_AS_INDENT':
      return { message: 'a tab is used to indent', hint: 'indent with spaces' }
    case 'BAD_INDENT':
      return badIndent(message, at, text, seen)
    case 'BLOCK_AS_IMPLICIT_KEY':
      return nested(message, at, text)
    case 'BLOCK_IN_FLOW':
      return {
        message: 'a mapping or list written over lines stands inside brackets',
        hint: 'close the brackets first, or write all of it in brackets',
      }
    case 'MISSING_CHAR':
      return missing(message, at, text, seen)
    case 'MULTILINE_IMPLICIT_KEY':
      if (firstLine(at, text) === '-') return itemAmongKeys(at)
      if (glued(firstLine(at, text))) return missing(message, at, text, seen)
      return {
        message: `expected "key: value", found ${quoted(firstLine(at, text))}`,
        hint: 'a colon or a blank after it is missing, or a quote is not closed',
      }
    case 'UNEXPECTED_TOKEN':
    case 'BAD_SCALAR_START':
      return unexpected(message, at, text, lineOf(at.start))
    case 'BAD_DQ_ESCAPE':
      return {
        message: `${quoted(text.slice(at.start, Math.min(at.end, at.start + 12)))} is no escape that YAML knows`,
        hint: 'write "\\\\" for a backslash, or use single quotes',
      }
    case 'BAD_ALIAS':
      return { message: 'an alias needs a name', hint: 'write *name, or put a text that begins with * in quotes' }
    case 'ALIAS_PROPS':
      return {
        message: 'an alias cannot have a tag or an anchor of its own',
        hint: 'put them where the value is written',
      }
    case 'MULTIPLE_ANCHORS':
      return { message: 'a value can have one anchor only', hint: 'remove one' }
    case 'MULTIPLE_TAGS':
      return { message: 'a value can have one tag only', hint: 'remove one' }
    case 'BAD_DIRECTIVE':
      return {
        message: 'this line is read as a YAML directive, and is none',
        hint: 'put a text that begins with % in quotes',
      }
    case 'KEY_OVER_1024_CHARS':
      return {
        message: 'a key is longer than 1024 characters',
        hint: 'look for a colon that is missing further up, or a quote that is not closed',
      }
    case 'BAD_PROP_ORDER':
      return { message: 'a tag or an anchor stands in the wrong place', hint: 'write it directly before the value' }
    case 'BAD_COLLECTION_TYPE':
      return { message: 'the tag does not fit the value', hint: 'remove the tag' }
    case 'DUPLICATE_KEY':
    case 'IMPOSSIBLE':
    case 'MULTIPLE_DOCS':
    case 'NON_STRING_KEY':
    case 'RESOURCE_EXHAUSTION':
    case 'TAG_RESOLVE_FAILED':
      return { message: 'this is not valid YAML', hint: 'look at the indentation and the quotes around this place' }
  }
}

function itemAmongKeys(at: Span): Explained {
  return {
    message: 'a list item stands among the keys of a mapping',
    hint: 'write "key: value", or indent the item under its key',
    at: shownFrom(at, at.start),
  }
}

function nested(message: string, at: Span, text: string): Explained {
  if (message.includes('sequence')) return itemAmongKeys(at)
  const colon = colonOf(at, text)
  if (colon)
    return {
      message: 'a second ": " on one line',
      hint: 'put the value in quotes, or begin a new line for the inner mapping',
      at: colon,
    }
  return {
    message: 'this line is indented further than the key above it, which has a value already',
    hint: 'indent it as that key, or remove the value',
    at: shownFrom(at, endOfLine(text, at.start)),
  }
}

function badIndent(message: string, where: Span, text: string, { openBracket }: Seen): Explained {
  const at = shownFrom(where, where.start)
  if (message.includes('sequence items'))
    return {
      message: 'this list item does not line up with the ones above it',
      hint: 'indent all items of a list alike',
      at,
    }
  if (message.includes('mapping items'))
    return {
      message: 'this line does not line up with the keys above it',
      hint: 'indent all keys of a mapping alike',
      at,
    }
  if (/flow/i.test(message))
    return openBracket === undefined
      ? {
          message: 'the content of brackets must be indented further than the key they belong to',
          hint: 'indent these lines',
        }
      : notClosed(openBracket, at, text)
  return { message: 'the indentation is wrong here', hint: 'indent with spaces, further than the line this belongs to' }
}

function missing(message: string, at: Span, text: string, { lastQuote, openBracket }: Seen): Explained {
  const quote = /quote/.test(message)
    ? message.includes('single') || message.includes("'quote")
      ? "'"
      : '"'
    : undefined
  if (quote) {
    return {
      message: `the ${quote} is not closed`,
      hint: `add the closing ${quote}`,
      at: { source: at.source, start: lastQuote, end: lastQuote + 1 },
    }
  }
  const close =
    /(?:with|end with) (?:a )?([\]}])/.exec(message)?.[1] ??
    (message.includes(']') ? ']' : message.includes('}') ? '}' : undefined)
  if (close && openBracket !== undefined) return notClosed(openBracket, at, text)
  if (close)
    return {
      message: `the ${close === ']' ? '[' : '{'} is not closed before this place`,
      hint: `add the ${close}, or a comma between the items`,
    }
  if (message.includes(','))
    return { message: 'a comma is missing between two items', hint: 'write a comma before this one' }
  const word = firstLine(at, text)
  const key = glued(word)
  if (key)
    return {
      message: `expected "key: value", found the text ${quoted(word)}`,
      hint: `a blank is missing after "${key}:"`,
    }
  if (message.includes('map keys'))
    return { message: `expected "key: value", found ${quoted(word)}`, hint: 'a colon is missing after the key' }
  return { message: 'something is missing here', hint: 'look at the quotes, brackets and colons around this place' }
}

function unexpected(message: string, at: Span, text: string, line: string): Explained {
  const word = text.slice(at.start, Math.min(at.end, endOfLine(text, at.start)))
  const first = word[0] ?? ''
  if (first === '@' || first === '`') return { message: `a value cannot begin with ${first}`, hint: 'put it in quotes' }
  if (first === '%') return { message: 'a value cannot begin with %', hint: 'put it in quotes' }
  if (/^[\]}]/.test(word))
    return {
      message: `${quoted(first)} closes nothing`,
      hint: `remove it, or add the ${first === ']' ? '[' : '{'} that it closes`,
    }
  if (message.includes('comment') || first === '#')
    return { message: 'a comment must have a blank before its #', hint: 'add the blank, or put the text in quotes' }
  if (/^\s*\t/.test(line)) return { message: 'a tab is used to indent', hint: 'indent with spaces' }
  if (/["'].*["']/.test(line))
    return {
      message: `${quoted(word.slice(0, 40))} follows a value that is already complete`,
      hint: 'put the whole value in quotes, or begin a new line',
    }
  return {
    message: word.trim()
      ? `${quoted(word.trim().slice(0, 40))} is not expected here`
      : 'the file ends in the middle of something',
    hint: 'look at the indentation, quotes and brackets around this place',
  }
}
