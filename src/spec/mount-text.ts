import { type Dict, dict, type Entry, type Node, type Scalar } from '../text/node.ts'
import { fields } from './fields.ts'
import type { Context } from './shape.ts'
import { bad, quoted, warn, wrongType } from './wrong.ts'

export const mountExpects = 'a mount such as "./data:/data", or a mapping'

/** A mount written as text, in its long form. */
export function expandMount(node: Node, context: Context): Node | undefined {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return wrongType(mountExpects, node, context)
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
