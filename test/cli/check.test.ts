import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { calledBy } from '../../src/cli/called.ts'
import { run } from '../../src/cli/run.ts'
import { aFolder } from '../kit/folder.ts'
import { stream } from '../ui/terminal.ts'

const bad = `services:
  web:
    image: app:1
    environment:
      # the version
      V: 1.0 # as it is
      API_TOKEN: hunter2
    ports: ["80:80"]
    scale: 2
`
const warned = 'services: {web: {image: "app:1", environment: {V: 1.0}}}\n'
const hinted = `services:
  web: {image: app, depends_on: {db: {condition: service_healthy}}}
  db: {image: someone/else}
`
const good = 'services: {web: {image: "app:1"}}\n'

async function checking(line: string, files: Record<string, string>, more: readonly string[] = []) {
  const [stdout, stderr] = [stream(), stream()]
  const folder = aFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const code = await run([...line.split(' '), ...more], {
    called: calledBy('gantry', {}),
    file: '/nowhere/gantry.cjs',
    env: { DOCKER_HOST: 'unix:///nowhere/docker.sock', HOME: folder },
    cwd: () => folder,
    stdin: process.stdin,
    stdout,
    stderr,
    onSignal: () => {},
    onOtherSignals: () => {},
    exit: () => Promise.reject(new Error('ended')),
  })
  return {
    code,
    out: stdout.text(),
    err: stderr.text(),
    read: (name: string) => readFileSync(join(folder, name), 'utf8'),
  }
}

describe('the exit code', () => {
  test.each([
    ['check', good, 0],
    ['check', hinted, 0],
    ['check --fail-on hint', hinted, 2],
    ['check', warned, 2],
    ['check --fail-on error', warned, 0],
    ['check --fail-on error', bad, 2],
    ['check', 'services: {web: {image: 1, comand: x}}\n', 1],
    ['check --pack nothing', good, 1],
  ])('of %s', async (line, text, code) => {
    expect((await checking(line, { 'compose.yaml': text })).code).toBe(code)
  })
})

test('every finding has its place, its line and what to do; secrets are stars', async () => {
  expect((await checking('check', { 'compose.yaml': bad })).out).toBe(
    `compose.yaml:6:10: warning: the value of "V" becomes "1" (scalar-changed)
6 |       V: 1.0 # as it is
  |          ^^^
  fix: write it in quotes (--fix does it)

compose.yaml:7:18: warning: the value of "API_TOKEN" stands in the file (secret-literal)
7 |       API_TOKEN: *******
  |                  ^^^^^^^
  fix: give it as a secret, or write \${API_TOKEN:?} and set it where the file is not

compose.yaml:8:13: error: "web" has 2 replicas, and only one can have port 80 (fixed-port-replicas)
8 |     ports: ["80:80"]
  |             ^^^^^^^
  fix: give a range such as "80-81:80", or publish no port and put a proxy before them

1 error, 2 warnings; "gantry check --fix" mends 1
`,
  )
})

test('files are named, several at once, each a project of its own', async () => {
  const { out, code } = await checking('check a/compose.yaml b/compose.yaml b/Dockerfile', {
    'a/compose.yaml': warned,
    'b/compose.yaml': good,
    'b/Dockerfile': 'FROM busybox:1\nCMD ["true"]\n',
  })
  expect(out).toContain('a/compose.yaml:1:51: warning')
  expect(code).toBe(2)
})

test('where one file cannot be read, the others are told of, and the exit code is 1', async () => {
  const { out, err, code } = await checking('check a.yaml b.yaml', { 'a.yaml': 'servces: {}\n', 'b.yaml': warned })
  expect(out).toContain('b.yaml:1:51')
  expect(err).toContain('a.yaml:1:1')
  expect(code).toBe(1)
})

test('JSON is an array, with places as editors count, and mistakes of the file among them', async () => {
  const { out } = await checking('check --format json', { 'compose.yaml': warned })
  expect(JSON.parse(out)).toEqual([
    {
      code: 'scalar-changed',
      severity: 'warning',
      message: 'the value of "V" becomes "1"',
      at: { file: 'compose.yaml', line: 1, column: 51, endLine: 1, endColumn: 54 },
      hint: 'write it in quotes',
      fixable: true,
    },
  ])
  const wrong = await checking('check --format json', { 'compose.yaml': 'servces: {}\n' })
  expect(JSON.parse(wrong.out)).toMatchObject([{ code: 'unknown-key', severity: 'error' }])
  expect(wrong.code).toBe(1)
})

test('for GitHub each finding is a command that it shows beside the line', async () => {
  expect((await checking('check --format github', { 'compose.yaml': warned })).out).toBe(
    '::warning file=compose.yaml,line=1,endLine=1,col=51,endColumn=54,title=scalar-changed::the value of "V" becomes "1"%0Awrite it in quotes\n',
  )
})

test('SARIF has the rule, the level and the place of each finding', async () => {
  const { out } = await checking('check --format sarif', { 'compose.yaml': warned })
  expect(JSON.parse(out)).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'gantry', rules: [{ id: 'scalar-changed', defaultConfiguration: { level: 'warning' } }] },
        },
        results: [
          {
            ruleId: 'scalar-changed',
            level: 'warning',
            message: { text: 'the value of "V" becomes "1": write it in quotes' },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'compose.yaml' },
                  region: { startLine: 1, startColumn: 51, endLine: 1, endColumn: 54 },
                },
              },
            ],
          },
        ],
      },
    ],
  })
})

test('SARIF is what GitHub takes: every rule is described, every result has a rule and a file', async () => {
  for (const [line, text] of [
    ['check --all', bad],
    ['check', 'services: {web: {image: 1, comand: x}}\n'],
    ['check', 'services: {web: {image: "app:${NONE}"}}\n'],
    ['check none.yaml', good],
  ] as const) {
    const { out } = await checking(`${line} --format sarif`, { 'compose.yaml': text })
    const log = JSON.parse(out)
    const [{ tool, results }] = log.runs
    expect(log.$schema).toContain('sarif-2.1.0')
    expect(results.length).toBeGreaterThan(0)
    const ids = tool.driver.rules.map(({ id }: { id: string }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const rule of tool.driver.rules)
      expect(rule).toMatchObject({
        shortDescription: { text: expect.any(String) },
        fullDescription: { text: expect.any(String) },
        help: { text: expect.any(String) },
      })
    for (const { ruleId, level, message, locations } of results) {
      expect(ids).toContain(ruleId)
      expect(['error', 'warning', 'note']).toContain(level)
      expect(message.text).not.toBe('')
      const [{ physicalLocation }] = locations
      expect(physicalLocation.artifactLocation.uri).toMatch(/^[\w%.-]+(?:\/[\w%.-]+)*$/)
      const { startLine, startColumn, endLine, endColumn } = physicalLocation.region ?? {}
      if (startLine === undefined) continue
      expect(startLine).toBeGreaterThan(0)
      expect(startColumn).toBeGreaterThan(0)
      expect(endLine * 1e6 + endColumn).toBeGreaterThanOrEqual(startLine * 1e6 + startColumn)
    }
  }
})

test('names of files with odd letters are whole in SARIF and for GitHub', async () => {
  const name = 'a,b #1:50%.yaml'
  const found = async (format: string) => (await checking('check', { [name]: warned }, [name, '--format', format])).out
  expect(JSON.parse(await found('sarif')).runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
    'a%2Cb%20%231%3A50%25.yaml',
  )
  expect(await found('github')).toContain('::warning file=a%2Cb #1%3A50%25.yaml,line=1,')
})

test('explain tells why a rule remarks, and what to write', async () => {
  const { out, code } = await checking('explain mode-decimal', {})
  expect(out).toContain('755 is 01363 in octal')
  expect(out).toContain('mode: 0400')
  expect(code).toBe(0)
})

describe('silence', () => {
  const codes = async (text: string) => {
    const { out } = await checking('check --format json', { 'compose.yaml': text })
    return (JSON.parse(out) as { code: string }[]).map(({ code }) => code)
  }
  test.each([
    ['a comment on the line', bad.replace('# as it is', '# gantry-ignore scalar-changed: as it is')],
    ['a comment above', bad.replace('# the version', '# gantry-ignore scalar-changed: yes')],
    ['the service', bad.replace('    scale: 2\n', '    scale: 2\n    x-gantry: {ignore: [scalar-changed]}\n')],
    ['the file', `${bad}x-gantry: {ignore: [scalar-changed]}\n`],
  ])('is asked for by %s', async (_, text) => {
    expect(await codes(text)).toEqual(['secret-literal', 'fixed-port-replicas'])
  })

  test('for a code that there is not is told', async () => {
    expect(await codes(`${good}# gantry-ignore scalar-chnged: x\n`)).toEqual(['unknown-rule'])
  })

  test('is no matter of words in a value', async () => {
    expect(
      await codes('services: {web: {image: "app:1", environment: {V: 1.0, W: "#gantry-ignore scalar-changed"}}}\n'),
    ).toEqual(['scalar-changed'])
  })
})

describe('--fix', () => {
  test('mends in the file what is safe, and keeps comments, layout and rights', async () => {
    const { err, out, read, code } = await checking('check --fix', { 'compose.yaml': bad })
    expect(read('compose.yaml')).toBe(bad.replace('V: 1.0', 'V: "1.0"'))
    expect(err).toBe('1 finding mended in compose.yaml\n')
    expect(out).not.toContain('scalar-changed')
    expect(code).toBe(2)
  })

  test('with --dry-run shows what would change, without secrets, and writes nothing', async () => {
    const quoted = bad.replace('V: 1.0 # as it is', 'DB_PASSWORD: 0123')
    const { out, err, read } = await checking('--dry-run check --fix', { 'compose.yaml': quoted })
    expect(err).toContain('-      DB_PASSWORD: ****\n+      DB_PASSWORD: ******\n')
    expect(out).toContain('the value of "DB_PASSWORD" is not given as it is written')
    expect(out + err).not.toMatch(/0123|83/)
    expect(read('compose.yaml')).toBe(quoted)
  })

  test.each([
    [
      'a value that has an anchor',
      'x-v: &v {V: &one 1.0}\nservices: {web: {image: "app:1", environment: {A: *one}}}\n',
    ],
    [
      'a mapping that has one',
      'x-b: &b {image: "app:1", restart: always}\nservices:\n  job: {<<: *b}\n  web: {<<: *b, depends_on: {job: {condition: service_completed_successfully}}}\n',
    ],
    ['a name by an alias', 'x-n: &n db\nservices:\n  web:\n    image: app:1\n    container_name: *n\n'],
  ])('leaves %s alone: it stands for other places as well', async (_, text) => {
    const { read, out } = await checking('check --all --fix', { 'compose.yaml': text })
    expect(out).toMatch(/scalar-changed|oneshot-restart-always|container-name-fixed/)
    expect(read('compose.yaml')).toBe(text)
  })

  test('leaves a file alone that is not plain UTF-8', async () => {
    const { err, read } = await checking('check --fix', { 'compose.yaml': `\uFEFF${warned}` })
    expect(err).toContain('"compose.yaml" is not mended: it is not plain UTF-8')
    expect(read('compose.yaml')).toBe(`\uFEFF${warned}`)
  })
})
