import type { Mount } from '../model/project.ts'
import type { Dict, Node } from '../text/node.ts'
import { fields } from './fields.ts'
import { list } from './list.ts'
import { distinctLabels } from './mapping.ts'
import { expandMount, mountExpects } from './mount-text.ts'
import { integer, size } from './number.ts'
import { absoluteOrWindows, cleaned, pathNode } from './paths.ts'
import { record } from './record.ts'
import { choice, flag, text } from './scalar.ts'
import { type Context, oneOf, type Shape } from './shape.ts'
import { bad, scalarText } from './wrong.ts'

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
    volume: record<Part<'volume'>>({ labels: distinctLabels, nocopy: flag, subpath: text }),
    tmpfs: record<Part<'tmpfs'>>({ size: size({ numbers: 'whole' }), mode: integer({ cut: true, fromText: false }) }),
    image: record<Part<'image'>>({ subpath: text }),
  },
  { required: ['type', 'target'], expects: mountExpects },
)

const mount: Shape<Mount> = {
  ...longMount,
  schema: oneOf({ type: 'string' }, longMount.schema),
  canon(node, context) {
    const long = node.kind === 'dict' ? longMount.canon(node, context) : expandMount(node, context)
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
