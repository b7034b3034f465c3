import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aFolder } from '../kit/folder.ts'

/** What the command used, told by itself when it ends: seconds of a processor, which a busy machine does not lengthen, and MB. */
const telling = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => { const { user, system } = process.cpuUsage(); process._rawDebug(`used ${(user + system) / 1e6} ${process.resourceUsage().maxRSS / 1024}`) })",
)}`

interface Outcome {
  readonly code: unknown
  readonly out: string
  readonly codes: readonly unknown[]
  readonly seconds: number
  readonly megabytes: number
}

function config(folder: string): Promise<Outcome> {
  const argv = ['--import', telling, resolve('src/cli/main.ts'), '--progress', 'json', 'config', '-q']
  return new Promise(done => {
    execFile(process.execPath, argv, { cwd: folder, timeout: 60_000 }, (error, out, err) => {
      const lines = err.trim().split('\n')
      const codes = lines.filter(line => line.startsWith('{')).map(line => JSON.parse(line).code as unknown)
      const [, seconds, megabytes] = /^used (\S+) (\S+)$/m.exec(err) ?? []
      done({ code: error ? error.code : 0, out, codes, seconds: Number(seconds), megabytes: Number(megabytes) })
    })
  })
}

const levels = (count: number, level: (i: number) => string) => Array.from({ length: count }, (_, i) => level(i + 1))
const service = 'services: {a: {image: x}}'

describe('what attacks end in', () => {
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
    const { seconds, megabytes, ...outcome } = await config(folder)
    expect(outcome).toEqual({ code: 1, out: '', codes: [code] })
    expect(megabytes).toBeLessThan(500)
    // One on a machine of its own; processors that are shared take three times as long for the same. What goes wrong here takes minutes.
    expect(seconds).toBeLessThan(10)
  })

  test.each<[string, string, string]>([
    ['a mistake', `${'a: @\n'.repeat(200_000)}${service}`, 'yaml-syntax'],
    ['a mistake, in what is just read whole', `${'a: @\n'.repeat(12_000)}${service}`, 'yaml-syntax'],
    ['a quote', `a: ${'"\n'.repeat(2_000_000)}`, 'yaml-syntax'],
    ['a quote, in what is just read whole', `a: ${'"\n'.repeat(32_000)}`, 'yaml-syntax'],
    ['a tab', `${service}\n${'\ta: b\n'.repeat(500_000)}`, 'yaml-syntax'],
    ['an open bracket', 'a: [\n'.repeat(200_000), 'yaml-syntax'],
    ['a bracket that is closed in the next', `${service}\nx-a:\n${'- [\n]\n'.repeat(20_000)}- @`, 'yaml-syntax'],
  ])('%s on every line', { timeout: 90_000 }, async (_name, text, expected) => {
    const { code, codes, megabytes } = await config(aFolder({ 'compose.yaml': text }))
    expect([code, ...new Set(codes)]).toEqual([1, expected])
    expect(megabytes).toBeLessThan(1000)
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
    const { code, out, codes, megabytes } = await config(aFolder({ 'compose.yaml': text }))
    expect({ code, out, codes }).toEqual({ code: 0, out: '', codes: [] })
    expect(megabytes).toBeLessThan(1000)
  })
})
