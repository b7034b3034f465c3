import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aFolder } from '../kit/folder.ts'

/** `config` in a process that may use 400 MB; more is the end of it by a signal, which is no exit code. */
function config(folder: string): Promise<{ code: unknown; out: string; codes: readonly unknown[] }> {
  const argv = ['--max-old-space-size=400', resolve('src/cli/main.ts'), '--progress', 'json', 'config', '-q']
  return new Promise(done => {
    execFile(process.execPath, argv, { cwd: folder, timeout: 60_000 }, (error, out, err) => {
      const problems = err
        .trim()
        .split('\n')
        .filter(line => line.startsWith('{'))
      done({ code: error ? error.code : 0, out, codes: problems.map(line => JSON.parse(line).code) })
    })
  })
}

const levels = (count: number, level: (i: number) => string) => Array.from({ length: count }, (_, i) => level(i + 1))
const service = 'services: {a: {image: x}}'

describe('what attacks end in, within 400 MB', () => {
  test.each<[string, string, string]>([
    [
      'an alias bomb of lists',
      ['x-a0: &a0 [x, x]', ...levels(40, i => `x-a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`), service].join('\n'),
      'too-many-aliases',
    ],
    [
      'an alias bomb of mappings',
      ['x-a0: &a0 {a: x}', ...levels(40, i => `x-a${i}: &a${i} {a: *a${i - 1}, b: *a${i - 1}}`), service].join('\n'),
      'too-many-aliases',
    ],
    [
      'the classic, nine wide',
      [
        'x-a0: &a0 [x]',
        ...levels(
          9,
          i =>
            `x-a${i}: &a${i} [${Array(9)
              .fill(`*a${i - 1}`)
              .join(', ')}]`,
        ),
        service,
      ].join('\n'),
      'too-many-aliases',
    ],
    ['10 000 levels of nesting', `x-a: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n${service}`, 'too-deep'],
    ['an anchor inside itself', `x-a: &a [*a]\n${service}`, 'anchor-cycle'],
    ['a merge key inside itself', `x-a: &a\n  <<: *a\n${service}`, 'anchor-cycle'],
    ['a file of 100 MB', `${service}\n#${' '.repeat(100 * 1024 * 1024)}`, 'file-too-large'],
  ])('%s', { timeout: 90_000 }, async (_name, text, code) => {
    const folder = aFolder({})
    writeFileSync(join(folder, 'compose.yaml'), text)
    expect(await config(folder)).toEqual({ code: 1, out: '', codes: [code] })
  })

  test.each<[string, string]>([
    ['a mistake', `${'a: @\n'.repeat(20_000)}${service}`],
    ['a quote', `a: ${'"\n'.repeat(20_000)}`],
    ['an open bracket', 'a: [\n'.repeat(5000)],
  ])('%s on every line', { timeout: 90_000 }, async (_name, text) => {
    const { code, codes } = await config(aFolder({ 'compose.yaml': text }))
    expect([code, ...new Set(codes)]).toEqual([1, 'yaml-syntax'])
  })

  test.each<[string, string]>([
    [
      'a ladder of dependencies',
      `services:\n${levels(60, i => ['a', 'b'].map(s => `  ${s}${i}: {image: x${i > 1 ? `, depends_on: [a${i - 1}, b${i - 1}]` : ''}}`).join('\n')).join('\n')}\n`,
    ],
    ['a command of a megabyte', `services: {a: {image: x, command: ${'x'.repeat(1024 * 1024)}}}`],
    ['all ports there are', 'services: {a: {image: x, ports: ["1-65535:1-65535"]}}'],
    [
      '20 000 variables',
      `services:\n  a:\n    image: x\n    environment:\n${levels(20_000, i => `      V${i}: x`).join('\n')}\n`,
    ],
  ])('%s is no attack', { timeout: 90_000 }, async (_name, text) => {
    expect(await config(aFolder({ 'compose.yaml': text }))).toEqual({ code: 0, out: '', codes: [] })
  })
})
