import { expect, test } from 'vitest'
import { foundIn } from '../../../../src/engine/docker/buildkit/checks.ts'
import { position } from '../../../../src/text/source.ts'

const source = { filename: 'Dockerfile', data: Buffer.from('from a\nENV A b\n').toString('base64') }
const at = (line: number) => ({ sourceIndex: 0, ranges: [{ start: { line }, end: { line } }] })

test('what is found is told in the order of the lines, with where to read more', () => {
  const found = foundIn(
    JSON.stringify({
      warnings: [
        { ruleName: 'Later', description: 'in general', detail: 'in detail', url: 'https://x', location: at(2) },
        { ruleName: 'First', description: 'in general', location: at(1) },
      ],
      sources: [source],
      buildError: null,
    }),
  )
  expect(found.map(({ message, url, at }) => [message, url, at && position(at).line])).toEqual([
    ['First: in general', undefined, 1],
    ['Later: in detail', 'https://x', 2],
  ])
})

test('a Dockerfile that cannot be built at all is found as well', () => {
  const buildError = { message: 'dockerfile parse error on line 2: unknown instruction: ENVX', location: at(2) }
  expect(foundIn(JSON.stringify({ warnings: null, sources: [source], buildError }))).toMatchObject([
    { message: 'unknown instruction: ENVX', at: { start: 7 } },
  ])
})

test('nothing may be found', () => {
  expect(foundIn('{"warnings":null,"sources":null}')).toEqual([])
})
