import type { EnvFile } from '../model/project.ts'
import { type Dict, dict, scalar } from '../text/node.ts'
import { fields } from './fields.ts'
import { list, orOne } from './list.ts'
import { said } from './number.ts'
import { pathNode } from './paths.ts'
import { record } from './record.ts'
import { flag, text } from './scalar.ts'
import { oneOf, type Shape } from './shape.ts'
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
  ...long,
  schema: oneOf({ type: 'string' }, long.schema),
  canon(node, context) {
    if (node.kind === 'scalar' && typeof node.value === 'string')
      return long.canon(dict(fields({ path: node.value, required: true }, node), node.at), context)
    const made = long.canon(node, context)
    if (made?.kind !== 'dict' || made.entries.has('required')) return made
    return { ...made, entries: new Map([...made.entries, ...fields({ required: true }, made)]) }
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
