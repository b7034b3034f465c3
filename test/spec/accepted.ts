/** What a JSON schema accepts at one path. */
export interface Accepted {
  readonly types: readonly string[]
  readonly words?: readonly string[]
  readonly pattern?: string
  readonly required?: readonly string[]
}

interface Schema {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly type?: string | readonly string[]
  readonly oneOf?: readonly Schema[]
  readonly enum?: readonly string[]
  readonly const?: string
  readonly pattern?: string
  readonly required?: readonly string[]
  readonly uniqueItems?: boolean
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
}

/** Every path of a schema ("services.*.ports[].target") with what is accepted there, alternatives taken together. */
export function accepted(root: Schema): ReadonlyMap<string, Accepted> {
  const found = new Map<string, Accepted>()
  const visit = (path: string, schemas: readonly Schema[]) => {
    const all = schemas.flatMap(schema => alternatives(schema, root))
    found.set(path, summary(all))
    const inside = new Map<string, Schema[]>()
    const add = (key: string, schema: Schema) => inside.set(key, [...(inside.get(key) ?? []), schema])
    for (const schema of all) {
      if (schema.items) add('[]', schema.items)
      for (const [key, value] of Object.entries(schema.properties ?? {})) add(`.${key}`, value)
      for (const [pattern, value] of Object.entries(schema.patternProperties ?? {}))
        if (pattern !== '^x-') add('.*', value)
      if (typeof schema.additionalProperties === 'object') add('.*', schema.additionalProperties)
    }
    for (const [key, values] of inside) visit(`${path}${key}`, values)
  }
  visit('', [root])
  return found
}

function alternatives(schema: Schema, root: Schema): readonly Schema[] {
  if (schema.$ref) return alternatives(root.$defs![schema.$ref.split('/').at(-1)!]!, root)
  return schema.oneOf ? schema.oneOf.flatMap(one => alternatives(one, root)) : [schema]
}

function summary(all: readonly Schema[]): Accepted {
  const words = all.flatMap(schema => schema.enum ?? (schema.const === undefined ? [] : [schema.const]))
  const types = new Set(all.flatMap(schema => (schema.enum || schema.const ? 'string' : (schema.type ?? 'object'))))
  if (types.has('number')) types.delete('integer')
  const pattern = all.find(schema => schema.pattern)?.pattern
  const required = all.flatMap(schema => schema.required ?? [])
  return {
    types: [...types].toSorted(),
    ...(words.length && { words: words.toSorted() }),
    ...(pattern && { pattern }),
    ...(required.length && { required: required.toSorted() }),
  }
}
