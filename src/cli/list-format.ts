import { userError } from '../text/problem.ts'
import { type Flag, flag } from './flag.ts'

/**
 * `--format` of `ls` and `images`. docker compose gives them no templates and refuses every other word; here a word without a field
 * is refused, since it is a slip. Undefined for the table.
 */
export const listFormat: Flag<string | undefined> = {
  ...flag.filled('How to print it: "table", "json" (one list), or a Go template', 'FORMAT'),
  parse(texts) {
    const format = texts.at(-1)
    if (!format || format === 'table' || format === 'pretty') return undefined
    if (format === 'json' || format.includes('{{')) return format
    throw userError(
      'bad-flag-value',
      `format value "${format}" could not be parsed: parsing failed`,
      'it takes "table", "json", or a template such as \'{{.Name}}\'',
    )
  },
}
