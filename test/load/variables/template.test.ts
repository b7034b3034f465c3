import { describe, expect, test } from 'vitest'
import { BadTemplate, fill, parseTemplate, references } from '../../../src/load/variables/template.ts'

const variables: Record<string, string> = { V: 'v', E: '', D: '$V' }

function filled(text: string): string {
  const told: string[] = []
  try {
    const value = fill(parseTemplate(text), {
      lookup: name => variables[name],
      unset: ({ name }) => told.push(`${name} unset`),
      missing: ({ name }, message) => told.push(`${name} missing: ${message}`),
    })
    return [value, ...told].join(' | ')
  } catch (error) {
    if (!(error instanceof BadTemplate)) throw error
    return `"${text.slice(error.start, error.end)}": ${error.why} (${error.hint})`
  }
}

describe('what is filled in', () => {
  test.each([
    ['$V', 'v'],
    ['${V}', 'v'],
    ['a$V-b', 'av-b'],
    ['$V$V', 'vv'],
    ['$$', '$'],
    ['$$V', '$V'],
    ['$$$V', '$v'],
    ['$${V}', '${V}'],
    [String.raw`\$V`, String.raw`\v`],
    ['${D}', '$V'],
    ['$X', ' | X unset'],
  ])('%s', (text, expected) => expect(filled(text)).toBe(expected))
})

describe('a dollar before anything else is itself', () => {
  test.each(['$', 'a$', '$1', '$(x)', '$é', '$ V', '$-'])('%s', text => expect(filled(text)).toBe(text))
})

describe('operators', () => {
  test.each([
    ['${X:-d}', 'd'],
    ['${E:-d}', 'd'],
    ['${V:-d}', 'v'],
    ['${X-d}', 'd'],
    ['${E-d}', ''],
    ['${V-d}', 'v'],
    ['${X:+d}', ''],
    ['${E:+d}', ''],
    ['${V:+d}', 'd'],
    ['${X+d}', ''],
    ['${E+d}', 'd'],
    ['${V+d}', 'd'],
    ['${X:?m}', ' | X missing: m'],
    ['${E:?m}', ' | E missing: m'],
    ['${V:?m}', 'v'],
    ['${X?m}', ' | X missing: m'],
    ['${E?m}', ''],
    ['${V?m}', 'v'],
  ])('%s', (text, expected) => expect(filled(text)).toBe(expected))
})

describe('the word after an operator', () => {
  test.each([
    ['the first operator decides', '${X-b:-c}', 'b:-c'],
    ['later ones are text', '${X:-a?b}', 'a?b'],
    ['is filled in, at any depth', '${X:-${Y:-$V}}', 'v'],
    ['only when it is used', '${V:-${Y:?no}}', 'v'],
    ['holds braces when they are paired', '${X:-{"k":"v"}}', '{"k":"v"}'],
    ['ends at the first brace that pairs', '${X:-}}', '}'],
    ['knows no quotes', '${X:-"a b"}', '"a b"'],
    ['may be empty', '${X:-}', ''],
    ['has dollars', '${X:-$$V}', '$V'],
  ])('%s', (_, text, expected) => expect(filled(text)).toBe(expected))
})

describe('what cannot be read is told with the part that is wrong', () => {
  test.each([
    '${}',
    'a ${1} b',
    '${A',
    '${ A}',
    '${A.B}',
    '${A!x}',
    '${A:x}',
    '${A:=x}',
    '${#A}',
    '${A/x/y}',
    '${A:-a\nb}',
    '${A:-${}}',
  ])('%s', text => {
    expect(filled(text)).toMatchSnapshot()
  })
})

test('a thousand levels of defaults are too many', () => {
  expect(filled('${A:-'.repeat(1000) + '}'.repeat(1000))).toContain('nested too deep')
})

test('every variable is found, those in defaults too', () => {
  expect([...references(parseTemplate('$A ${B:-${C:?x}} $$D'))].map(r => r.name)).toEqual(['A', 'B', 'C'])
})
