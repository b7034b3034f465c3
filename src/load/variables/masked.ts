import { looksSecret } from '../../model/secrets.ts'
import type { Source } from '../../text/source.ts'

/** One statement of an env file: what comes before the value, the name in it, and the value. */
const statement =
  /^([ \t]*(?:export[ \t]+)?([^\s=:#]+)[ \t]*[=:][ \t]*)("(?:[^"\\]|\\[^])*"?|'(?:[^'\\]|\\[^])*'?|[^\n]*)/gm

/** An env file as a message may show it: values whose names tell of a secret are stars, and all stands where it stood. */
export function masked({ name, text }: Source): Source {
  return {
    name,
    text: text.replaceAll(statement, (whole, before: string, variable: string, value: string) =>
      looksSecret(variable) ? before + value.replaceAll(/[^\r\n]/g, '*') : whole,
    ),
  }
}
