import { compose } from '../src/spec/file.ts'
import type { Schema, Shape } from '../src/spec/shape.ts'
import { type Effect, effects } from './effects.ts'
import { partEffects } from './part-effects.ts'

/** The language as JSON schema, for editors: what each attribute takes, and what it does. */
export function schemaText(): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Compose, as Gantry reads it',
    ...described(compose.schema, ''),
  }
  return `${JSON.stringify(schema, undefined, 1)}\n`
}

/** Every attribute in a table: what it takes, what it does, since which engine, and how the user is told where it does not. */
export function tableText(): string {
  const rows = attributes(compose, '').map(({ path, shape }) => {
    const { does, since = '', told = '' } = effectOf(path)
    return `| \`${path}\` | ${escaped(shape.expects)} | ${escaped(does)} | ${since} | ${escaped(told)} |`
  })
  return [
    '# Every attribute',
    '',
    'Generated from the rows in `src/spec` and the effects in `build/effects.ts` by `node build/compose-spec.ts`.',
    'Keys that begin with `x-` are welcome in every mapping of known keys, and kept.',
    '',
    '| attribute | takes | does | Docker Engine | told |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

interface Attribute {
  readonly path: string
  readonly shape: Shape<unknown>
}

/** The attributes below a shape, each after what it stands in. */
export function attributes({ parts }: Shape<unknown>, path: string): readonly Attribute[] {
  if (!parts) return []
  if (parts.of !== 'record') return attributes(parts.each, `${path}${parts.of === 'list' ? '[]' : '.*'}`)
  return Object.entries(parts.rows).flatMap(([key, shape]) => {
    const own = path === '' ? key : `${path}.${key}`
    return [{ path: own, shape }, ...attributes(shape, own)]
  })
}

/** What an attribute does; since when and how it is told otherwise is what the nearest one around it says. */
export function effectOf(path: string): Effect {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(at.lastIndexOf('.'), 0)).replace(/(?:\.\*|\[\])+$/, '')) {
    const effect = effects[at]
    if (effect) return at === path ? effect : { ...withinOf(effect, path), does: partEffects[path] ?? '' }
  }
  return { does: '' }
}

/** What is told of particular attributes is theirs alone. */
function withinOf({ told, ...effect }: Effect, path: string): Effect {
  const key = path.slice(path.lastIndexOf('.') + 1)
  return told === undefined || (told.includes(' for ') && !told.includes(`\`${key}\``)) ? effect : { ...effect, told }
}

type Properties = Readonly<Record<string, Schema>>

function described(schema: Schema, path: string): Schema {
  const { properties, items, additionalProperties, patternProperties, oneOf } = schema
  const isSchema = (value: unknown): value is Schema =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  return {
    ...schema,
    ...(isSchema(properties) && {
      properties: Object.fromEntries(
        Object.entries(properties as Properties).map(([key, value]) => {
          const own = path === '' ? key : `${path}.${key}`
          const { does } = effectOf(own)
          return [key, { ...(does && { description: does.replaceAll('`', '') }), ...described(value, own) }]
        }),
      ),
    }),
    ...(isSchema(items) && { items: described(items, `${path}[]`) }),
    ...(isSchema(additionalProperties) && { additionalProperties: described(additionalProperties, `${path}.*`) }),
    ...(isSchema(patternProperties) && {
      patternProperties: Object.fromEntries(
        Object.entries(patternProperties as Properties).map(([key, value]) => [
          key,
          key === '^x-' ? value : described(value, `${path}.*`),
        ]),
      ),
    }),
    ...(Array.isArray(oneOf) && { oneOf: (oneOf as readonly Schema[]).map(one => described(one, path)) }),
  }
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|')
}
