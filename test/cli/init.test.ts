import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { calledBy } from '../../src/cli/called.ts'
import { run } from '../../src/cli/run.ts'
import { aFolder } from '../kit/folder.ts'
import { stream } from '../ui/terminal.ts'

async function ran(line: string, files: Readonly<Record<string, string>> = {}) {
  const [stdout, stderr] = [stream(), stream()]
  const folder = aFolder(files)
  const code = await run(line.split(' '), {
    called: calledBy('gantry', {}),
    file: '/nowhere/gantry.cjs',
    env: { DOCKER_HOST: 'unix:///nowhere/docker.sock', HOME: folder },
    cwd: () => folder,
    stdin: Object.assign(Object.create(process.stdin) as NodeJS.ReadStream, { isTTY: false }),
    stdout,
    stderr,
    onSignal: () => {},
    onOtherSignals: () => {},
    exit: () => Promise.reject(new Error('ended')),
  })
  return { code, out: stdout.text(), err: stderr.text(), folder }
}

describe('init', () => {
  test('lists templates as a table, or as an array of objects with name and summary', async () => {
    expect((await ran('init --list')).out).toMatch(/^NAME +SUMMARY\nfullstack +Pages/)
    const listed = JSON.parse((await ran('init --list --format json')).out) as Record<string, unknown>[]
    expect(listed.map(({ name }) => name)).toEqual([
      'fullstack',
      'go',
      'node',
      'observability',
      'proxy',
      'python',
      'static',
      'wordpress',
    ])
    for (const one of listed) expect(Object.keys(one)).toEqual(['name', 'summary'])
  })

  test('tells what it has written, and what comes next; it needs no engine', async () => {
    const { code, err, folder } = await ran('init static site')
    expect({ code, last: err.trimEnd().split('\n').slice(-2) }).toEqual({
      code: 0,
      last: ['10 files written in site', 'next: cd site && gantry up --detach --wait, then open http://127.0.0.1:8080'],
    })
    expect(readdirSync(folder)).toEqual(['site'])
  })

  test('what it has written is clean', async () => {
    const { folder } = await ran('init node')
    const { code, out, err } = await ran(`config -q --file ${join(folder, 'compose.yaml')}`)
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: '' })
  })

  test('proposes for the code that is there, and writes only with --yes where nobody can be asked', async () => {
    const files = { 'package.json': '{"scripts":{"start":"node a.js"},"dependencies":{"pg":"8"}}' }
    const asked = await ran('init', files)
    expect(asked.code).toBe(1)
    expect(asked.err).toBe(
      'found package.json; proposed for Node: compose.yaml, Dockerfile, .dockerignore, .env.example\n' +
        'nobody can be asked here whether to write this\n' +
        '  hint: say --yes, look first with --dry-run, or name a template\n',
    )
    expect(existsSync(join(asked.folder, 'compose.yaml'))).toBe(false)
    const agreed = await ran('init --yes', files)
    expect(agreed.code).toBe(0)
    expect(agreed.err).toContain('the code seems to use postgres: gantry add postgres\n')
    expect(existsSync(join(agreed.folder, 'compose.yaml'))).toBe(true)
  })

  test('where nothing is there to go by, and nobody can be asked, says so', async () => {
    const { code, err } = await ran('init --yes')
    expect({ code, first: err.split(':')[0] }).toEqual({ code: 1, first: 'nothing is here that says what to run' })
  })

  test('goes where --project-directory says, and refuses --file', async () => {
    const { folder } = await ran('--project-directory there init static')
    expect(readdirSync(folder)).toEqual(['there'])
    expect((await ran('--file a.yaml init static')).err.split('\n')[0]).toBe(
      'init makes a Compose file, and takes no --file',
    )
  })

  test('a slip in the name is told', async () => {
    expect((await ran('init nodes')).err).toBe('there is no template "nodes"\n  hint: did you mean "node"?\n')
  })
})

describe('add', () => {
  test('shows with --dry-run what it would change, as a diff on standard output', async () => {
    const { code, out, folder } = await ran('--dry-run add redis', { 'compose.yaml': 'services:\n  a: { image: a }\n' })
    expect(code).toBe(0)
    expect(out).toMatch(/^--- compose\.yaml\n\+\+\+ compose\.yaml\n@@ -1,2 \+1,\d+ @@\n/)
    expect(readdirSync(folder)).toEqual(['compose.yaml'])
  })

  test('tells how what was added is reached', async () => {
    const { err } = await ran('add redis --name cache', { 'compose.yaml': 'services:\n  a: { image: a }\n' })
    expect(err).toContain('cache: others reach it as cache:6379\n')
  })

  test.each([
    ['add', 'nothing is named to add'],
    ['add redis redis', '"redis" is named twice'],
    ['add redis mysql --name db', '--name is for one service'],
    ['add redis', 'no configuration file provided: not found'],
  ])('%s: %s', async (line, message) => {
    const { code, err } = await ran(line)
    expect(code).toBe(1)
    expect(err.split('\n')[0]).toBe(message)
  })
})
