import type { Node } from '../text/node.ts'
import { list } from './list.ts'
import { text } from './scalar.ts'
import { isEmpty, type Shape } from './shape.ts'
import { bad, quoted, warn, wrongType } from './wrong.ts'

/** What became of a command line: its words, and where a shell operator ended it. */
export interface Words {
  readonly words: readonly string[]
  readonly cutAt?: number
}

const operators = ';&|<>'

/**
 * Splits a command line as docker compose does: quotes and backslashes mean what they mean to a shell, variables
 * nothing, and an operator ends it. A string says what cannot be read.
 */
export function splitWords(line: string): Words | string {
  const words: string[] = []
  let word = ''
  let started = false
  let quote = ''
  let substitution = false
  let escaped = false
  for (let i = 0; i < line.length; i++) {
    const character = line[i]!
    if (escaped) {
      word += character
      started = true
      escaped = false
      continue
    }
    if (character === '\\' && quote !== "'") {
      escaped = true
      continue
    }
    if (' \t\r\n'.includes(character) && !quote && !substitution) {
      if (started) words.push(word)
      word = ''
      started = false
      continue
    }
    if (character === '`' && quote !== "'" && quote !== '"' && !substitution) quote = quote ? '' : '`'
    else if ((character === '(' || character === ')') && !quote) {
      if (character === '(' && (substitution || !word.endsWith('$'))) return `the "(" is outside quotes`
      substitution = !substitution
    } else if ((character === '"' || character === "'") && !substitution && quote !== '`') {
      if (!quote || quote === character) {
        if (quote) started = true
        quote = quote ? '' : character
        continue
      }
    } else if (operators.includes(character) && !quote && !substitution) {
      const number = character === '>' && /^[0-9]/.test(word)
      if (started && !number) words.push(word)
      return { words, cutAt: i }
    }
    started = true
    word += character
  }
  if (escaped) return 'it ends with a backslash'
  if (substitution) return 'a parenthesis is not closed'
  if (quote) return `the ${quote} is not closed`
  if (started) words.push(word)
  return { words }
}

const items = list(text, { expects: 'text, or a list of texts' })

const lineOrItems: Pick<Shape<readonly string[]>, 'expects' | 'schema' | 'canon'> = {
  expects: 'text, or a list of texts',
  schema: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }, { type: 'null' }] },
  canon(node, context) {
    if (node.kind === 'list') return items.canon(node, context)
    const fits = node.kind === 'scalar' && (typeof node.value === 'string' || node.value === null)
    return fits ? node : wrongType('text, or a list of texts', node, context)
  },
}

function decodeLine(node: Node, context: Parameters<Shape<unknown>['decode']>[1]): readonly string[] {
  if (node.kind !== 'scalar') return items.decode(node, context)
  const line = String(node.value)
  const split = splitWords(line)
  if (typeof split === 'string') {
    bad(
      'bad-command',
      `${quoted(line)} cannot be split into words: ${split}`,
      node.at,
      context,
      'use a list, or quote the text',
    )
    return []
  }
  if (split.cutAt !== undefined)
    // docker compose drops the rest without a word; another model would recreate its containers.
    warn(
      'command-cut',
      `the command ends before "${line[split.cutAt]}", as in docker compose: no shell reads it`,
      node.at,
      context,
      `write ["sh", "-c", ${JSON.stringify(line)}]`,
    )
  return split.words
}

/** A command: null is unset, an empty list clears the image's. A later file replaces it whole, with null too. */
export const command: Shape<readonly string[] | null> = {
  ...lineOrItems,
  empty: 'value',
  merge: (_base, over) => over,
  decode: (node, context) => (isEmpty(node) ? null : decodeLine(node, context)),
  encode: value => value,
}

/** A command of a hook, which is written as null where nothing is said. */
export const hookCommand: Shape<readonly string[]> = {
  ...lineOrItems,
  empty: 'absent',
  merge: (_base, over) => over,
  decode: decodeLine,
  encode: value => value,
}
