import type { Build } from '../model/project.ts'
import { type Dict, dict, type Entry, type Node, type Scalar, scalar } from '../text/node.ts'
import { extraHosts } from './extra-hosts.ts'
import { fields } from './fields.ts'
import { buildSecrets } from './file-reference.ts'
import { distinctTexts, orOne, texts, uniqueTexts, unmixed } from './list.ts'
import { args, keyValue, labels, valued } from './mapping.ts'
import { size } from './number.ts'
import { absolute, absoluteContext, pathNode, pathScalar } from './paths.ts'
import { sortedKeys } from './plain.ts'
import { record } from './record.ts'
import { flag, printable, text } from './scalar.ts'
import { isEmpty, oneOf, type Shape, short } from './shape.ts'
import { ulimits } from './ulimit.ts'
import { bad, quoted, scalarText, wrongType } from './wrong.ts'

const context: Shape<string> = {
  ...text,
  canon(node, context) {
    const made = text.canon(node, context)
    return made && pathNode(made, context, absoluteContext)
  },
}

const attestation: Shape<string> = { ...printable('boolean'), encode: value => value || undefined }

const sshExpects = 'a list such as ["default"], or a mapping'

/** SSH agents and keys by id; the agent of the user is "default" with no path. */
const ssh: Shape<Readonly<Record<string, string>>> = {
  expects: sshExpects,
  schema: labels.schema,
  canon(node, context) {
    if (node.kind === 'scalar') return wrongType(sshExpects, node, context)
    const entries = new Map<string, Entry>()
    const add = (id: string, key: Entry['key'], value: Scalar) =>
      entries.set(id, { key, node: value.value ? pathScalar(value, context) : value })
    if (node.kind === 'dict')
      for (const [id, entry] of node.entries) {
        if (entry.node.kind === 'scalar') add(id, entry.key, entry.node)
        else wrongType('a path', entry.node, context)
      }
    else
      for (const item of node.items) {
        if (item.kind !== 'scalar' || typeof item.value !== 'string') {
          wrongType('text such as "default" or "id=path"', item, context)
          continue
        }
        const { name, value } = keyValue(item)
        if (isEmpty(value) && name !== 'default')
          bad('bad-ssh', `${quoted(name)} has no path`, item.at, context, `write "${name}=PATH"`)
        add(name, item.at, isEmpty(value) ? scalar('', item.at) : value)
      }
    return { kind: 'dict', at: node.at, written: node.kind, entries }
  },
  merge(base, over, { report }) {
    if (isEmpty(over)) return base
    if (base.kind !== 'dict' || over.kind !== 'dict') return over
    if (over.written === 'list')
      report({
        code: 'cannot-override',
        severity: 'error',
        message: 'a list of "ssh" cannot override what is there',
        at: over.at,
        hint: 'write it as a mapping, or use !override',
        notes: [{ message: 'given here', at: base.at }],
      })
    return { ...base, entries: new Map([...base.entries, ...over.entries]) }
  },
  decode: node =>
    Object.fromEntries([...(node as Dict).entries].map(([id, entry]) => [id, scalarText(entry.node as Scalar)])),
  encode(value) {
    const ids = sortedKeys(value)
    return ids.length ? ids.map(id => (value[id] ? `${id}=${value[id]}` : id)) : undefined
  },
}

const rows = record<Build>(
  {
    context,
    dockerfile: text,
    dockerfile_inline: text,
    entitlements: texts,
    args,
    provenance: attestation,
    sbom: attestation,
    ssh,
    labels,
    cache_from: texts,
    cache_to: texts,
    no_cache: flag,
    no_cache_filter: unmixed(orOne(distinctTexts, { keep: 'text' })),
    additional_contexts: valued((node, context) => pathScalar(node, context, absoluteContext)),
    pull: flag,
    extra_hosts: extraHosts,
    isolation: text,
    network: text,
    target: text,
    secrets: buildSecrets,
    shm_size: size({ numbers: 'whole' }),
    tags: uniqueTexts,
    ulimits,
    platforms: texts,
    privileged: flag,
  },
  { expects: 'text, or a mapping' },
)

/** How an image is built; a text is its context, and without one it is the project's directory. */
export const build: Shape<Build> = {
  ...short(rows, { schema: oneOf({ type: 'string' }, rows.schema) }, node =>
    node.kind === 'scalar' && typeof node.value === 'string' ? shortBuild(node) : node,
  ),
  instead: {},
  decode(node, given) {
    const value = rows.decode(node, given)
    return value.context === undefined ? { ...value, context: absolute('.', given) } : value
  },
}

function shortBuild(node: Node): Node {
  return dict(fields({ context: scalarText(node as Scalar) }, node), node.at)
}
