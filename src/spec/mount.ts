import type { Mount } from '../model/project.ts'
import { type Dict, dict, type Entry, type Node, type Scalar, scalar } from '../text/node.ts'
import { list } from './list.ts'
import { labels } from './mapping.ts'
import { absoluteOrWindows, cleaned, pathNode } from './paths.ts'
import { record } from './record.ts'
import { choice, flag, integer, size, text } from './scalar.ts'
import { type Context, oneOf, type Shape } from './shape.ts'
import { bad, quoted, scalarText, warn, wrongType } from './wrong.ts'

type Part<K extends keyof Mount> = NonNullable<Mount[K]>

/** Written only when it is off: docker compose takes it as on. */
const createHostPath: Shape<boolean> = { ...flag, encode: value => (value ? undefined : false) }

const longMount: Shape<Mount> = record<Mount>(
  {
    type: choice('bind', 'volume', 'tmpfs', 'cluster', 'npipe', 'image'),
    source: text,
    target: text,
    read_only: flag,
    consistency: text,
    bind: record<Part<'bind'>>({
      selinux: choice('z', 'Z'),
      propagation: text,
      create_host_path: createHostPath,
      recursive: choice('enabled', 'disabled', 'writable', 'readonly'),
    }),
    volume: record<Part<'volume'>>({ labels, nocopy: flag, subpath: text }),
    tmpfs: record<Part<'tmpfs'>>({ size: size({ numbers: 'whole' }), mode: integer({ cut: true, fromText: false }) }),
    image: record<Part<'image'>>({ subpath: text }),
  },
  { required: ['type', 'target'], expects: 'a mount such as "./data:/data", or a mapping' },
)

const mount: Shape<Mount> = {
  ...longMount,
  schema: oneOf({ type: 'string' }, longMount.schema),
  canon(node, context) {
    const long = node.kind === 'dict' ? longMount.canon(node, context) : expand(node, context)
    return long?.kind === 'dict' ? completed(long, context) : long
  },
  decode(node, context) {
    const { entries, at } = node as Dict
    const type = entries.get('type')?.node
    if (type?.kind === 'scalar' && type.value === 'bind' && !entries.has('source'))
      bad('missing-key', 'a bind mount has no source', at, context, 'write "source:", a path of this machine')
    return longMount.decode(node, context)
  },
}

/** Mounts; a later one on the same target takes the place of the earlier. */
export const mounts: Shape<readonly Mount[]> = list(mount, {
  expects: 'a list of mounts',
  unique: item => {
    const target = item.kind === 'dict' ? item.entries.get('target')?.node : item
    return target?.kind === 'scalar' ? scalarText(target) : ''
  },
})

/** The paths of a long form made absolute and clean, and the default that an empty `bind` stands for. */
function completed(node: Dict, context: Context): Dict {
  const entries = new Map(node.entries)
  const change = (key: string, by: (node: Node) => Node) => {
    const entry = entries.get(key)
    if (entry) entries.set(key, { ...entry, node: by(entry.node) })
  }
  const type = node.entries.get('type')?.node
  if (type?.kind === 'scalar' && type.value === 'bind')
    change('source', source => pathNode(source, context, absoluteOrWindows))
  change('target', target =>
    target.kind === 'scalar' && typeof target.value === 'string' ? { ...target, value: cleaned(target.value) } : target,
  )
  change('bind', bind =>
    bind.kind === 'dict' && !bind.entries.has('create_host_path')
      ? { ...bind, entries: new Map([...bind.entries, ...fields({ create_host_path: true }, bind)]) }
      : bind,
  )
  return { ...node, entries }
}

function expand(node: Node, context: Context): Node | undefined {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return wrongType(longMount.expects, node, context)
  const parts = parse(node.value, context.interpolated === false)
  if (typeof parts !== 'string') {
    tellOddities(parts, node, context)
    return mapping(parts, node)
  }
  if (context.interpolated === false) return node
  return bad(
    'bad-mount',
    `${quoted(node.value)} is not a mount: ${parts}`,
    node.at,
    context,
    'write SOURCE:TARGET or SOURCE:TARGET:OPTIONS',
  )
}

interface Parsed {
  readonly source: string
  readonly target: string
  readonly options: readonly string[]
  /** One or two characters are a target, whatever they are. */
  readonly tiny: boolean
}

function parse(spec: string, variables: boolean): Parsed | string {
  if (!spec) return 'it is empty'
  if ([...spec].length <= 2 && spec.length <= 2) return { source: '', target: spec, options: [], tiny: true }
  const fields: string[] = []
  let field = ''
  let depth = 0
  const characters = [...spec]
  characters.forEach((character, i) => {
    if (variables && character === '$' && characters[i + 1] === '{') depth++
    if (character === '}' && depth > 0) depth--
    // A letter alone before a colon is a Windows drive.
    if (character === ':' && depth === 0 && !/^\p{L}$/u.test(field)) {
      fields.push(field)
      field = ''
    } else field += character
  })
  fields.push(field)
  if (fields.includes('')) return 'a part between colons is empty'
  if (fields.length > 3) return 'it has too many colons'
  const [first = '', second, options = ''] = fields
  return second === undefined
    ? { source: '', target: first, options: [], tiny: false }
    : { source: first, target: second, options: options.split(','), tiny: false }
}

const propagations = ['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave']
const options = [...propagations, 'ro', 'rw', 'nocopy', 'z', 'Z']

/** What docker compose passes over without a word. */
function tellOddities({ source, target, options: given }: Parsed, node: Scalar, context: Context): void {
  for (const option of given)
    if (option && !options.includes(option) && !option.includes('$'))
      warn(
        'unknown-option',
        `"${option}" is not an option of a mount and has no effect`,
        node.at,
        context,
        `it takes ${options.join(', ')}`,
      )
  if (!source && /^\p{L}:/u.test(target) && !context.windows)
    warn(
      'drive-letter',
      `"${target}" is one path in the container: a single letter before ":" is read as a drive`,
      node.at,
      context,
      'give the volume a longer name, or write "source:" and "target:"',
    )
}

function mapping({ source, target, options, tiny }: Parsed, node: Scalar): Dict {
  const bind = /^(?:[./~]|\\\\|\p{L}:)/u.test(source)
  const access = options.filter(option => option === 'ro' || option === 'rw').at(-1)
  const selinux = options.filter(option => option === 'z' || option === 'Z').at(-1)
  const propagation = options.filter(option => propagations.includes(option)).at(-1)
  const bindFields = {
    ...(selinux && { selinux }),
    ...(propagation && { propagation }),
    ...(bind && { create_host_path: true }),
  }
  const nocopy = options.includes('nocopy')
  return dict(
    [
      ...fields({ type: bind ? 'bind' : 'volume', ...(source && { source }), target }, node),
      ...(access === 'ro' ? fields({ read_only: true }, node) : []),
      ...(bind || selinux || propagation ? [nested('bind', bindFields, node)] : []),
      ...(tiny || (bind && !nocopy) ? [] : [nested('volume', nocopy ? { nocopy } : {}, node)]),
    ],
    node.at,
  )
}

function nested(key: string, values: Readonly<Record<string, Scalar['value']>>, from: Node): [string, Entry] {
  return [key, { key: from.at, node: dict(fields(values, from), from.at) }]
}

/** Entries that stand where the text stands that they come from. */
export function fields(values: Readonly<Record<string, Scalar['value']>>, from: Node): [string, Entry][] {
  return Object.entries(values).map(([key, value]) => [key, { key: from.at, node: scalar(value, from.at) }])
}
