import { userError } from '../text/problem.ts'
import { table } from './table.ts'
import { bad } from './template/bad.ts'
import type { Telling } from './template/expression.ts'
import { functions, headingFunctions } from './template/functions.ts'
import { parsed } from './template/parse.ts'
import { tokens } from './template/tokens.ts'
import { isRecord, shown } from './template/values.ts'
import { fit } from './width.ts'

/**
 * The part of Go's templates that `--format` takes (docs/formats.md): `{{.Name}}`, `{{json .}}`, `{{.Names | upper}}`,
 * `{{if and .Health (eq .State "running")}}…{{else if .Health}}…{{else}}…{{end}}`, `{{range $i, $p := .Publishers}}…{{end}}`,
 * `{{with .Health}}…{{end}}`, `{{$x := .Name}}`, `{{.Label "tier"}}`, `{{"text"}}`, `{{- trimmed -}}`. Throws UserError for anything else.
 */
export function template(text: string, telling: Telling = ofRow): (fields: unknown) => string {
  const body = held(text, () => parsed(tokens(text)))
  return fields => held(text, () => body({ dot: fields, variables: new Map([['$', fields]]), ...telling }))
}

/** Widths and depths beyond what can be held are a mistake of the template's. */
function held<T>(text: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw bad(fit(text, 60), 'it asks for more than can be held')
  }
}

/** `table {{.Name}}\t{{.Status}}` with a heading, or a template for each row. `heads` names fields whose heading is not their name in capitals. */
export function formatted(
  format: string,
  rows: readonly Readonly<Record<string, unknown>>[],
  heads: Readonly<Record<string, string>>,
): string {
  if (format === 'raw') throw userError('bad-flag-value', 'invalid value for --format: "raw"', 'write --format json')
  const inTable = /^table\s+/.exec(format)
  const text = unescaped(format.slice(inTable?.[0].length ?? 0))
  const line = template(text)
  if (!inTable) return rows.map(row => `${line(row)}\n`).join('')
  return table(
    template(text, ofHeading(heads))({}).split('\t'),
    rows.map(row => line(row).split('\t')),
  )
}

const ofRow: Telling = {
  functions,
  field: (of, name) => (isRecord(of) && Object.hasOwn(of, name) ? { value: of[name] } : undefined),
  /** One of `a=b,c=d`. */
  label: (labels, key) =>
    shown(labels)
      .split(',')
      .find(label => label.startsWith(`${key}=`))
      ?.slice(key.length + 1) ?? '',
}

const ofHeading = (heads: Readonly<Record<string, string>>): Telling => ({
  functions: headingFunctions,
  field: (_, name) => ({ value: heads[name] ?? capitals(name) }),
  /** `com.example.cost-center` is headed `cost center`, as docker has it. */
  label: (_, key) => key.split('.').at(-1)!.replaceAll(/[-_]/g, ' '),
})

/** `RunningFor` → `RUNNING FOR`. */
const capitals = (field: string) => field.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toUpperCase()

/** Shells pass `\t` as it is, and docker takes it for a tab. */
const unescaped = (text: string) => text.replaceAll('\\t', '\t').replaceAll('\\n', '\n')
