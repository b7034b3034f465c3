import type { FileReference } from '../model/project.ts'
import { dict, type Node } from '../text/node.ts'
import { fields } from './fields.ts'
import { list } from './list.ts'
import { record } from './record.ts'
import { single, text } from './scalar.ts'
import { oneOf, type Shape, short } from './shape.ts'
import { bad, quoted, scalarText, wrongType } from './wrong.ts'

/** Permissions: a number as it is, text as octal digits; written as "0440". */
const mode: Shape<number> = single(
  'permissions such as "0440"',
  { type: ['number', 'string'] },
  (node, context) =>
    typeof node.value === 'boolean' || node.value === null
      ? wrongType('permissions such as "0440"', node, context)
      : node,
  (node, context) => {
    const { value } = node
    if (typeof value !== 'string') return Math.trunc(Number(scalarText(node)))
    if (/^(?:0o?)?[0-7]+$/.test(value)) return Number.parseInt(value.replace(/^0o/, ''), 8)
    bad('bad-mode', `${quoted(value)} is not an octal number`, node.at, context, 'write permissions such as "0440"')
    return 0
  },
  value => `0${value.toString(8)}`,
)

const rows = record<FileReference>(
  { source: text, target: text, uid: text, gid: text, mode },
  { expects: 'a name, or a mapping' },
)

/** Nothing requires a source; without one it is a name that nobody declares. */
const long: Shape<FileReference> = {
  ...rows,
  decode: (node, context) => ({
    ...rows.decode(node, context),
    ...(textOf(node, 'source') === undefined && { source: '' }),
  }),
}

const reference = short(long, { schema: oneOf({ type: 'string' }, long.schema) }, node =>
  node.kind === 'scalar' && typeof node.value === 'string' ? dict(fields({ source: node.value }, node), node.at) : node,
)

const expects = 'a list of names or mappings'

/** Secrets of a build, each as often as it is named. */
export const buildSecrets: Shape<readonly FileReference[]> = list(reference, { expects })

/** Configs of a service; of two with one target the later is kept. */
export const serviceConfigs: Shape<readonly FileReference[]> = list(reference, {
  expects,
  unique: item => textOf(item, 'target') ?? `/${textOf(item, 'source')}`,
})

const secretDirectory = '/run/secrets'

/** Secrets of a service; of two with one target the later is kept. */
export const serviceSecrets: Shape<readonly FileReference[]> = list(
  { ...reference, canon: withTarget(reference) },
  { expects, unique: item => textOf(item, 'target') ?? '' },
)

/** A secret that names no target goes to /run/secrets, and its model says so. */
function withTarget(shape: Shape<FileReference>): Shape<FileReference>['canon'] {
  return (node, context) => {
    const made = shape.canon(node, context)
    const source = made && textOf(made, 'source')
    if (made?.kind !== 'dict' || source === undefined || textOf(made, 'target') !== undefined) return made
    const target = fields({ target: `${secretDirectory}/${source}` }, made.entries.get('source')!.node)
    return { ...made, entries: new Map([...made.entries, ...target]) }
  }
}

function textOf(item: Node, key: string): string | undefined {
  const node = item.kind === 'dict' ? item.entries.get(key)?.node : undefined
  const value = node?.kind === 'scalar' ? scalarText(node) : undefined
  return value || undefined
}
