import { describe, expect, test } from 'vitest'
import { frame } from '../../src/text/frame.ts'
import type { Node } from '../../src/text/node.ts'
import { parse } from '../../src/text/parse.ts'
import type { Problem } from '../../src/text/problem.ts'
import { placed, position } from '../../src/text/source.ts'

const value = (node: Node): unknown =>
  node.kind === 'scalar'
    ? node.value
    : node.kind === 'list'
      ? node.items.map(value)
      : Object.fromEntries([...node.entries].map(([key, entry]) => [key, value(entry.node)]))

function read(text: string): { values: unknown[]; problems: Problem[] } {
  const problems: Problem[] = []
  const documents = parse({ name: 'compose.yaml', text }, problem => problems.push(problem))
  return { values: documents.map(value), problems }
}

const told = (text: string) =>
  read(text)
    .problems.map(({ message, hint, at, notes = [] }) =>
      [
        `${at && placed(at)}: ${message} (${hint})`,
        at && frame(at, 0),
        ...notes.map(note => `${placed(note.at)}: ${note.message}`),
      ].join('\n'),
    )
    .join('\n')

describe('scalars are what go-yaml takes them for', () => {
  test.each([
    ['12', 12],
    ['+1', 1],
    ['0777', 511],
    ['0o17', 15],
    ['0x1F', 31],
    ['0b11', 3],
    ['1_000', 1000],
    ['08', { float: 8 }],
    ['1.0', { float: 1 }],
    ['.5', { float: 0.5 }],
    ['1e3', { float: 1000 }],
    ['.inf', { float: Infinity }],
    ['-0', { float: -0 }],
    ['9223372036854775808', 9223372036854775808n],
    ['18446744073709551616', { float: 18446744073709552000 }],
    ['yes', 'yes'],
    ['on', 'on'],
    ['True', true],
    ['~', null],
    ['60:30', '60:30'],
    ['1.2.3', '1.2.3'],
    ['0x', '0x'],
    ['!!str 12', '12'],
    ['!!int "12"', 12],
    ['!!binary aGk=', 'hi'],
    ['!foo x', 'x'],
    ['"0777"', '0777'],
    ['! 12', '12'],
  ])('%s', (text, expected) => {
    expect(read(`a: ${text}\n`)).toEqual({ values: [{ a: expected }], problems: [] })
  })
})

describe('fragments', () => {
  test('an alias is the same node again', () => {
    const [document] = parse({ name: 'compose.yaml', text: 'a: &x {b: 1}\nc: *x\n' }, () => undefined)
    if (document?.kind !== 'dict') throw new Error('not a mapping')
    expect(document.entries.get('c')?.node).toBe(document.entries.get('a')?.node)
  })

  test('own keys win over merged ones, wherever "<<" stands; of several, the first listed', () => {
    expect(read('x: &x {p: 1, q: 2}\ny: &y {q: 3, r: 4}\nz:\n  <<: [*x, *y]\n  p: 9\n').values[0]).toMatchObject({
      z: { p: 9, q: 2, r: 4 },
    })
    expect(read('a:\n  p: 9\n  <<: {p: 1, q: 2}\n').values).toEqual([{ a: { p: 9, q: 2 } }])
  })

  test('a quoted "<<" is a key like any other', () => {
    expect(read('a: {"<<": {b: 1}}\n').values).toEqual([{ a: { '<<': { b: 1 } } }])
  })

  test('500 services may share one fragment', () => {
    const services = Array.from({ length: 500 }, (_, i) => `s${i}: {<<: *c, x: *c}`).join('\n')
    expect(read(`c: &c {image: x, list: [1, 2, 3]}\n${services}\n`).problems).toEqual([])
  })
})

test('documents are separate, an empty one is null', () => {
  expect(read('a: 1\n---\nb: 2\n---\n').values).toEqual([{ a: 1 }, { b: 2 }, null])
  expect(read('# nothing\n').values).toEqual([])
})

test('carriage returns before line feeds are no part of a value', () => {
  expect(read('a: |\r\n  x\r\n  y\r\nb: 1\r\n').values).toEqual([{ a: 'x\ny\n', b: 1 }])
})

describe('mistakes are told in words, with the place', () => {
  test('a key given twice, with both places', () => {
    expect(told('a: 1\nb: 2\n"a": 3\n')).toMatchInlineSnapshot(`
      "compose.yaml:3: "a" is given twice (keep one of them)
      3 | "a": 3
        | ^^^
      compose.yaml:1: first given here"
    `)
  })

  test('keys that are not text', () => {
    expect(told('1: x\n')).toMatchInlineSnapshot(`
      "compose.yaml:1: the key "1" is not text (write it in quotes: "1")
      1 | 1: x
        | ^"
    `)
  })

  test('an anchor inside itself', () => {
    expect(told('x: &a\n  <<: *a\n')).toMatchInlineSnapshot(`
      "compose.yaml:2: the anchor "a" is used inside itself (an alias repeats a value that is complete)
      2 |   <<: *a
        |       ^^
      compose.yaml:2: "a" begins here"
    `)
  })

  test('an alias without its anchor', () => {
    expect(told('a: *b\n')).toMatchInlineSnapshot(`
      "compose.yaml:1: there is no anchor "b" above this line (write &b before the value to be repeated)
      1 | a: *b
        |    ^^"
    `)
  })

  test('a merge of what is no mapping', () => {
    expect(told('a: {<<: 1}\n')).toMatchInlineSnapshot(`
      "compose.yaml:1: "<<" takes a mapping, or a list of mappings (write "<<: *name" where &name marks a mapping)
      1 | a: {<<: 1}
        |     ^^"
    `)
  })

  test('tabs', () => {
    expect(told('a:\n\tb: 1\n')).toMatchInlineSnapshot(`
      "compose.yaml:2: a tab is used to indent (indent with spaces)
      2 |  b: 1
        | ^"
    `)
  })

  test('a missing blank after a colon', () => {
    expect(told('services:\n  web:\n    image:nginx\n    ports: [80]\n')).toMatchInlineSnapshot(`
      "compose.yaml:3: expected "key: value", found the text "image:nginx" (a blank is missing after "image:")
      3 |     image:nginx
        |     ^^^^^^^^^^^"
    `)
  })

  test('two colons in a line', () => {
    expect(told('a: b: c\n')).toMatchInlineSnapshot(`
      "compose.yaml:1: a second ": " on one line (put the value in quotes, or begin a new line for the inner mapping)
      1 | a: b: c
        |     ^"
    `)
  })

  test('keys that do not line up', () => {
    expect(told('a:\n    b: 1\n   c: 2\n')).toMatchInlineSnapshot(`
      "compose.yaml:3: this line does not line up with the keys above it (indent all keys of a mapping alike)
      3 |    c: 2
        |    ^"
    `)
  })

  test('a quote that is not closed', () => {
    expect(told(`a:\n  b: "x\nc: 1\n`)).toMatchInlineSnapshot(`
      "compose.yaml:2: the " is not closed (add the closing ")
      2 |   b: "x
        |      ^"
    `)
    expect(told(`a: 'x\n`)).toMatchInlineSnapshot(`
      "compose.yaml:1: the ' is not closed (add the closing ')
      1 | a: 'x
        |    ^"
    `)
  })

  test('text after a closing quote', () => {
    expect(told(`a: 'it's'\n`)).toMatchInlineSnapshot(`
      "compose.yaml:1: "s'" follows a value that is already complete (put the whole value in quotes, or begin a new line)
      1 | a: 'it's'
        |        ^^"
    `)
  })

  test('brackets', () => {
    expect(told('a: [1, 2\nb: 3\n')).toMatchInlineSnapshot(`
      "compose.yaml:1: the [ is not closed (add the ])
      1 | a: [1, 2
        |    ^"
    `)
    expect(told('a: }\n')).toMatchInlineSnapshot(`
      "compose.yaml:1: "}" closes nothing (remove it, or add the { that it closes)
      1 | a: }
        |    ^"
    `)
  })

  test('reserved characters', () => {
    expect(told('a: @x\n')).toMatchInlineSnapshot(`
      "compose.yaml:1: a value cannot begin with @ (put it in quotes)
      1 | a: @x
        |    ^"
    `)
  })

  test('another YAML than 1.1', () => {
    expect(told('%YAML 1.2\n---\na: 1\n')).toMatchInlineSnapshot(`
      "compose.yaml:1: "%YAML 1.2" is incompatible: docker compose reads 1.1 only (remove the line)
      1 | %YAML 1.2
        | ^^^^^^^^^"
    `)
  })
})

describe('attacks end in a clear error, at once', () => {
  test('an alias bomb', () => {
    const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]']
    for (let i = 1; i < 12; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(',')}]`,
      )
    expect(read(lines.join('\n')).problems.map(p => p.code)).toEqual(['too-many-aliases'])
  })

  test.each(['[', '{a: ', '- ', '? '])('100 000 levels of "%s"', open => {
    expect(
      read(`a: ${open === '- ' || open === '? ' ? '\n' : ''}${open.repeat(100_000)}`).problems.map(p => p.code),
    ).toEqual(['too-deep'])
  })

  test('levels that only aliases make', () => {
    const lines = ['a0: &a0 [x]']
    for (let i = 1; i < 5000; i++) lines.push(`a${i}: &a${i} [*a${i - 1}]`)
    expect(read(lines.join('\n')).problems.map(p => p.code)).toEqual(['too-many-aliases'])
  })
})

describe('all mistakes of a text are told at once, and none that only follows from another', () => {
  const places = (text: string) =>
    read(text).problems.map(({ message, at }) => {
      const { line, column } = position(at!)
      return `${line}:${column} ${message}`
    })

  test('each in its own service', () => {
    const text =
      'services:\n  a:\n    image:nginx\n    ports: [80\n  b:\n    image: "x\n    volumes: [v]\n  c: {image: @x}\n'
    expect(places(text)).toEqual([
      '3:5 expected "key: value", found the text "image:nginx"',
      '4:12 the [ is not closed',
      '6:12 the " is not closed',
      '8:14 a value cannot begin with @',
    ])
  })

  test('each in its own document', () => {
    expect(places('a: [1\n---\nb: "x\n---\nc: 1\n')).toEqual(['1:4 the [ is not closed', '3:4 the " is not closed'])
  })

  test('lines that are indented otherwise than those around them', () => {
    expect(places('services:\n  a:\n    image: x\n   b:\n    image: y\n   c:\n    image: z\n')).toEqual([
      '4:4 this line does not line up with the keys above it',
      '6:4 this line does not line up with the keys above it',
    ])
    expect(places('a:\n  image: x\n    ports: [80]\n  command: y\n')).toEqual([
      '3:5 this line is indented further than the key above it, which has a value already',
    ])
  })

  test('a list item among keys', () => {
    expect(places('labels:\n  a: 1\n  - b\nc: d\n- e\n')).toEqual([
      '3:3 a list item stands among the keys of a mapping',
      '5:1 a list item stands among the keys of a mapping',
    ])
  })

  test('tabs once, and what else is wrong', () => {
    expect(places('a:\n\tb: 1\n\tc: 1\nd: "x\n')).toEqual(['2:1 a tab is used to indent', '4:4 the " is not closed'])
  })

  test('ten of a hundred', () => {
    expect(places('a: @\n'.repeat(100)).length).toBeLessThanOrEqual(10)
  })

  test('aliases without an anchor, each', () => {
    expect(places('a: *x\nb: *y\nc:\n  <<: *z\n')).toEqual([
      '1:4 there is no anchor "x" above this line',
      '2:4 there is no anchor "y" above this line',
      '4:7 there is no anchor "z" above this line',
    ])
  })
})

test('a mapping cannot begin behind a tag on the line of its key', () => {
  expect(read('a: !x b: c\n').problems.map(({ message }) => message)).toEqual(['a second ": " on one line'])
})

test('brackets may be closed below their key, as everybody writes them', () => {
  expect(read('a:\n  b: [\n    x\n  ]\n  c: {\n    d: e\n  }\n').values).toEqual([{ a: { b: ['x'], c: { d: 'e' } } }])
})

describe('a text that is too large to be read thoroughly', () => {
  const services = (count: number) =>
    `services:\n${Array.from({ length: count }, (_, i) => `  s${i}: {image: x, tty: true}\n`).join('')}`

  test('is told the first of its mistakes', () => {
    expect(read(`${services(5000)}x: @\ny: @\n`).problems.map(({ message }) => message)).toEqual([
      'a value cannot begin with @',
    ])
  })

  test('is told where the first is, when that stands a megabyte behind its beginning', () => {
    const { problems } = read(`${services(40_000)}x: @\n`)
    expect(problems.map(({ message, at }) => [message, at && position(at).line])).toEqual([
      ['this is not valid YAML', 40_002],
    ])
  })

  test('is read when nothing is wrong with it', () => {
    expect(read(`${services(40_000)}x: [\n  1\n]\n`).problems).toEqual([])
  })
})
