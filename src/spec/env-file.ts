import type { EnvFile } from '../model/project.ts'
import { dict, type Dict, scalar } from '../text/node.ts'
import { list, orOne } from './list.ts'
import { fields } from './mount.ts'
import { pathNode } from './paths.ts'
import { record } from './record.ts'
import { flag, said, text } from './scalar.ts'
import { oneOf, type Shape, short } from './shape.ts'
import { scalarText } from './wrong.ts'

const path: Shape<string> = {
  ...text,
  canon(node, context) {
    const made = text.canon(node, context)
    return made && pathNode(made, context)
  },
}

const long = record<EnvFile>(
  { path, required: said(flag), format: text },
  { required: ['path'], extensions: false, expects: 'a path, or a mapping' },
)

const envFile: Shape<EnvFile> = {
  ...short(long, { schema: oneOf({ type: 'string' }, long.schema) }, node =>
    node.kind === 'scalar' && typeof node.value === 'string' ? dict(fields({ path: node.value }, node), node.at) : node,
  ),
  decode(node, context) {
    const value = long.decode(node, context)
    return value.required === undefined ? { ...value, required: true } : value
  },
}

/** Files with variables; of two with one path the later is kept. */
export const envFiles: Shape<readonly EnvFile[]> = orOne(
  list(envFile, {
    expects: 'a list of paths',
    unique: item => {
      const node = (item as Dict).entries.get('path')?.node ?? scalar('', item.at)
      return node.kind === 'scalar' ? scalarText(node) : ''
    },
  }),
)

/** Files with labels. */
export const labelFiles: Shape<readonly string[]> = orOne(list(path, { expects: 'a list of paths' }))
