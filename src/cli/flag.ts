import { suggest } from '../base/suggest.ts'
import { userError } from '../text/problem.ts'

/** How a flag is written, what help says of it, and how its texts become a value. */
export interface Flag<T> {
  readonly help: string
  readonly short?: string
  /** What its value is called in usage; a flag without it is a switch. */
  readonly takes?: string
  /** Help says nothing of it: old spellings. */
  readonly hidden?: boolean
  /** The words it accepts, for completion. */
  readonly words?: readonly string[]
  /** All texts given for it, in order; a bare switch gives "true". Throws UserError. */
  readonly parse: (texts: readonly string[], name: string) => T
}

interface Written {
  readonly short?: string
  readonly hidden?: boolean
}

export const flag = {
  /** A switch that is off unless given. */
  boolean: (help: string, written: Written = {}): Flag<boolean> => ({
    help,
    ...written,
    parse: (texts, name) => truth(texts.at(-1) ?? 'false', spelled(name, written)),
  }),
  /** A switch of which it matters whether it was given. */
  given: (help: string, written: Written = {}): Flag<boolean | undefined> => ({
    help,
    ...written,
    parse: (texts, name) => (texts.length > 0 ? truth(texts.at(-1)!, spelled(name, written)) : undefined),
  }),
  text: (help: string, takes: string, written: Written = {}): Flag<string | undefined> => ({
    help,
    takes,
    ...written,
    parse: texts => texts.at(-1),
  }),
  /** Text of which an empty one says nothing: what a script hands on from a variable that is not set. */
  filled: (help: string, takes: string, written: Written = {}): Flag<string | undefined> => ({
    help,
    takes,
    ...written,
    parse: texts => texts.at(-1) || undefined,
  }),
  /** May be given several times. */
  list: (help: string, takes: string, written: Written = {}): Flag<readonly string[]> => ({
    help,
    takes,
    ...written,
    parse: texts => texts,
  }),
  /** A whole number. */
  number: (help: string, takes: string, written: Written = {}): Flag<number | undefined> => ({
    help,
    takes,
    ...written,
    parse: (texts, name) => (texts.length > 0 ? whole(texts.at(-1)!, spelled(name, written)) : undefined),
  }),
  /** Whole seconds on the command line, milliseconds inside. */
  seconds: (help: string, written: Written = {}): Flag<number | undefined> => ({
    help,
    takes: 'SECONDS',
    ...written,
    parse: (texts, name) => (texts.length > 0 ? whole(texts.at(-1)!, spelled(name, written)) * 1000 : undefined),
  }),
  /** One of some words. `complain` says it as docker compose does, where scripts look for that sentence. */
  choice: <const T extends string>(
    help: string,
    words: readonly T[],
    { complain, ...written }: Written & { readonly complain?: (word: string) => string } = {},
  ): Flag<T | undefined> => ({
    help,
    takes: words.join('|'),
    words,
    ...written,
    parse: (texts, name) => {
      const word = texts.at(-1)
      // As pflag's own choices have it: an empty one is none.
      if (!word) return undefined
      const known = words.find(w => w === word)
      if (known !== undefined) return known
      const near = suggest(word, words)
      throw userError(
        'bad-flag-value',
        complain?.(word) ?? `invalid value for --${name}: "${word}"`,
        near ? `did you mean "${near}"?` : `it takes ${words.map(w => `"${w}"`).join(', ')}`,
      )
    },
  }),
}

const spelled = (name: string, { short }: Written) => (short ? `-${short}, --${name}` : `--${name}`)

/** Go's strconv.ParseBool, which docker compose's flags use. */
function truth(text: string, name: string): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false
  throw badValue(text, name, 'Bool', 'it takes "true" or "false"')
}

function whole(text: string, name: string): number {
  if (/^[+-]?\d{1,15}$/.test(text)) return Number(text)
  throw badValue(text, name, 'Int', 'it takes a whole number')
}

/** As pflag says it (Go's strconv). */
const badValue = (text: string, name: string, kind: string, hint: string) =>
  userError(
    'bad-flag-value',
    `invalid argument "${text}" for "${name}" flag: strconv.Parse${kind}: parsing "${text}": invalid syntax`,
    hint,
  )
