import { describe, expect, test } from 'vitest'
import { compose } from '../../src/spec/file.ts'
import type { Context, Shape } from '../../src/spec/shape.ts'
import type { Dict, Node, Scalar } from '../../src/text/node.ts'
import { dict, list, scalar } from '../../src/text/node.ts'

const source = { name: 'compose.yaml', text: '' }
const at = { source, start: 0, end: 0 }
const context: Context = { report: () => {}, base: '/p', home: '/h', windows: false, resolvePaths: true }

const scalars: readonly Scalar['value'][] = [
  null,
  true,
  0,
  -1,
  80,
  { float: 1.5 },
  { float: Number.NaN },
  2n ** 70n,
  '',
  'a',
  'a=b',
  'a:b:c:d',
  '${A}',
  '80',
  '1g',
  '~',
  '/x',
  'all',
  '__proto__',
]
const plain: readonly Node[] = scalars.map(value => scalar(value, at))
const keys = [
  'a',
  '__proto__',
  'constructor',
  'x-a',
  'source',
  'target',
  'type',
  'name',
  'external',
  'path',
  'options',
  'config',
]
const each = (node: Node) =>
  dict(
    keys.map(key => [key, { key: at, node }]),
    at,
  )
const nested: readonly Node[] = [
  list([], at),
  dict([], at),
  ...plain.flatMap(node => [list([node], at), list([node, node], at), each(node)]),
]
const deep: readonly Node[] = nested.flatMap(node => [list([node], at), each(node)])
const anything = [...plain, ...nested, ...deep]

/** Every shape of the language, with the path to it. */
function shapes(shape: Shape<unknown>, path: string, found = new Map<string, Shape<unknown>>()) {
  found.set(path, shape)
  const { parts } = shape
  if (parts?.of === 'record')
    for (const [key, inner] of Object.entries(parts.rows)) shapes(inner, `${path}.${key}`, found)
  else if (parts) shapes(parts.each, `${path}${parts.of === 'list' ? '[]' : '.*'}`, found)
  return found
}

describe('whatever stands in an attribute, its row reads it or tells of it, and never throws', () => {
  test.each([...shapes(compose, '')])('%s', (_path, shape) => {
    const canonical = (interpolated: boolean) =>
      anything.flatMap(node => {
        if (node.kind === 'scalar' && node.value === null && shape.empty !== 'value') return []
        return shape.canon(node, { ...context, interpolated }) ?? []
      })
    expect(() => canonical(false)).not.toThrow()
    const nodes = canonical(true)
    for (const node of nodes) {
      const value = shape.decode(node, context)
      shape.encode(value)
      for (const over of nodes.slice(0, 12)) {
        const both = shape.merge(node, over, context)
        if (both.kind !== 'scalar' || both.value !== null || shape.empty === 'value')
          shape.encode(shape.decode(both, context))
      }
    }
  })
})

test('a key called like part of an object is a key', () => {
  const tree = dict(
    [
      [
        'services',
        {
          key: at,
          node: dict([['__proto__', { key: at, node: dict([['image', { key: at, node: scalar('x', at) }]], at) }]], at),
        },
      ],
    ],
    at,
  )
  const file = compose.decode(compose.canon(tree, context) as Dict, context)
  expect(Object.keys(file.services!)).toEqual(['__proto__'])
  expect(({} as { image?: string }).image).toBeUndefined()
})
