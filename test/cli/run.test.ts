import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { calledBy } from '../../src/cli/called.ts'
import { run } from '../../src/cli/run.ts'
import { stream } from '../ui/terminal.ts'

const nowhere = 'unix:///nowhere/docker.sock'

async function ran(
  line: string | readonly string[],
  {
    file,
    dotenv,
    name = 'gantry',
    env = {},
    columns,
  }: { file?: string; dotenv?: string; name?: string; env?: Record<string, string>; columns?: number } = {},
) {
  const [stdout, stderr] = [stream(columns === undefined ? {} : { columns }), stream()]
  const folder = mkdtempSync(join(tmpdir(), 'gantry-run-'))
  if (file !== undefined) writeFileSync(join(folder, 'compose.yaml'), file)
  if (dotenv !== undefined) writeFileSync(join(folder, '.env'), dotenv)
  const code = await run(typeof line === 'string' ? line.split(' ').filter(Boolean) : line, {
    called: calledBy(name, env),
    file: '/nowhere/gantry.cjs',
    env: { DOCKER_HOST: nowhere, HOME: folder, ...env },
    cwd: () => folder,
    stdin: process.stdin,
    stdout,
    stderr,
    onSignal: () => {},
    onOtherSignals: () => {},
    exit: () => Promise.reject(new Error('ended')),
  })
  return { code, out: stdout.text(), err: stderr.text() }
}

describe('what is printed where, and the exit code', () => {
  test('help is a result', async () => {
    for (const line of ['', '--help', 'help']) {
      const { code, out, err } = await ran(line)
      expect([code, err]).toEqual([0, ''])
      expect(out).toMatch(/^Usage: gantry/)
    }
  })

  test('help of a command, asked for in any way, is the same', async () => {
    const texts = await Promise.all(['help up', 'up --help', 'up -h', '--help up'].map(line => ran(line)))
    expect(texts[0]!.out).toMatch(/^Usage: gantry up \[FLAGS\] \[SERVICE\.\.\.\]/)
    expect(new Set(texts.map(text => text.out)).size).toBe(1)
  })

  test('a file with a name that no file may have is told as that', async () => {
    const name = 'a'.repeat(300)
    const { code, err } = await ran(`export --output ${name} web`, { file: 'services: {web: {image: x}}' })
    expect([code, err]).toEqual([1, `"${name}" cannot be written: name too long\n`])
  })

  test('a result keeps its bytes in a pipe, and on a terminal loses what that would obey', async () => {
    const file = 'name: shop\nservices: {}\nx-a: "a\\x9b2Jb\\u0085c"\n'
    const printed = async (columns?: number) =>
      JSON.parse((await ran('config --format json', { file, ...(columns !== undefined && { columns }) })).out)['x-a']
    expect(await printed()).toBe('a\u009b2Jb\u0085c')
    expect(await printed(80)).toBe('a2Jbc')
  })

  test.each([
    ['version', 'Gantry version v'],
    ['--version', 'Gantry version v'],
    ['version --format json', '{"version":"v'],
  ])('%s', async (line, beginning) => {
    const { code, out } = await ran(line)
    expect(code).toBe(0)
    expect(out.startsWith(beginning)).toBe(true)
  })

  test.each([
    ['dwon', 'unknown command: "dwon"\n  hint: did you mean "down"?\n'],
    ['up --nosuchflag', 'unknown flag: --nosuchflag\n'],
    ['ps --format', 'flag needs an argument: --format\n'],
    ['--progress nosuch ps', 'unsupported --progress value "nosuch"\n'],
    ['--parallel x ps', 'invalid argument "x" for "--parallel" flag: strconv.ParseInt: parsing "x": invalid syntax\n'],
    ['scale', 'requires at least 1 arg(s), only received 0\n'],
    ['up', 'no configuration file provided: not found\n'],
    ['up --detach --abort-on-container-exit', '--detach cannot be combined with --abort-on-container-exit'],
    ['bridge', '"bridge" is not supported\n'],
    ['alpha generate x', '"alpha" is not supported\n'],
  ])('%s is an error on standard error', async (line, beginning) => {
    const { code, out, err } = await ran(line)
    expect([code, out]).toEqual([1, ''])
    expect(err.slice(0, beginning.length)).toBe(beginning)
  })

  test.each([
    [
      '--abort-on-container-exit --abort-on-container-failure',
      '--abort-on-container-failure cannot be combined with --abort-on-container-exit',
    ],
    [
      '--wait -d --attach db',
      '--wait cannot be combined with --abort-on-container-exit, --attach or --attach-dependencies',
    ],
    [
      '--wait --exit-code-from db',
      '--wait cannot be combined with --abort-on-container-exit, --attach or --attach-dependencies',
    ],
    [
      '--wait --watch',
      '--detach cannot be combined with --abort-on-container-exit, --abort-on-container-failure, --attach,',
    ],
    [
      '-d --exit-code-from db --abort-on-container-failure',
      '--detach cannot be combined with --abort-on-container-exit,',
    ],
    ['--attach db --attach-dependencies', 'cannot combine --attach and --attach-dependencies'],
    ['--no-recreate -V', '--no-recreate and --renew-anon-volumes are incompatible'],
  ])('up %s is refused in docker compose’s words', async (flags, sentence) => {
    const { code, err } = await ran(`up ${flags}`, { file: 'services: {db: {image: a}}' })
    expect([code, err.slice(0, sentence.length)]).toEqual([1, sentence])
  })

  test('scale says which of its operands it does not understand', async () => {
    const file = 'services: {db: {image: a}}'
    expect((await ran('scale db', { file })).err).toMatch(/^invalid scale specifier: db\n/)
    expect((await ran('scale db=x', { file })).err).toMatch(
      /^invalid scale specifier: can't parse replica value as int: db=x\n/,
    )
  })
})

describe('mistakes in a file', () => {
  const file = 'services:\n  web:\n    image: nginx\n    prots: [80]\n  db:\n    imgae: x\n    image: y\n'

  test('are all told, with their places, before any engine is asked for', async () => {
    const { code, out, err } = await ran('up', { file })
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain('compose.yaml:4:5: unknown key "prots"')
    expect(err).toContain('compose.yaml:6:5: unknown key "imgae"')
    expect(err).toMatch(/2 errors; nothing was touched\n$/)
  })

  test('are objects under --progress json', async () => {
    const { out, err } = await ran('--progress json up', { file })
    expect(out).toBe('')
    const objects = err
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(objects).toMatchObject([
      { error: true, code: 'unknown-key', at: { file: 'compose.yaml', line: 4, column: 5 } },
      { error: true, code: 'unknown-key', at: { file: 'compose.yaml', line: 6, column: 5 } },
    ])
  })
})

test('an engine that cannot be reached is one sentence and what to do', async () => {
  const { code, err } = await ran('-p shop ps')
  expect(code).toBe(1)
  expect(err).toContain(`Cannot connect to the Docker daemon at ${nowhere}`)
  expect(err).toContain('hint: ')
})

test('settings in .env are settings', async () => {
  const { code, err } = await ran('config -q', { file: 'services: {}', dotenv: 'COMPOSE_PROGRESS=nosuch' })
  expect([code, err.split('\n')[0]]).toEqual([1, 'unsupported COMPOSE_PROGRESS value "nosuch"'])
})

test('flags may stand before and after the command', async () => {
  const file = 'services: {db: {image: a}}'
  for (const line of [
    '--progress json config --services',
    'config --services --progress json',
    'config --services -p x',
  ])
    expect(await ran(line, { file })).toMatchObject({ code: 0, out: 'db\n' })
})

describe('as a plugin of the docker command', () => {
  const name = 'docker-compose'

  test('what docker was given before our name is given to us', async () => {
    for (const line of [
      'compose version',
      '--context far compose version',
      '--tls -l debug compose --ansi never version',
    ])
      expect(await ran(line, { name })).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^Docker Compose version v5/),
      })
    expect((await ran('-H unix:///else/docker.sock compose -p shop ps', { name })).err).toContain('/else/docker.sock')
    expect((await ran('--context far compose -p shop ps', { name, env: { DOCKER_HOST: '' } })).err).toContain('"far"')
  })

  test('docker’s folder of settings is the one that was named', async () => {
    const { err } = await ran('--config /far/away --context far compose -p shop ps', { name, env: { DOCKER_HOST: '' } })
    expect(err).toContain('/far/away/contexts')
  })

  test('the certificates are the files that were named', async () => {
    const { err } = await ran('--tlsverify --tlscacert /far/ca.pem -H tcp://127.0.0.1:1 compose -p shop ps', { name })
    expect(err).toContain('/far/ca.pem')
  })

  test('help is asked for in docker’s way', async () => {
    for (const line of ['help compose up', 'compose help up', 'compose up --help'])
      expect((await ran(line, { name })).out).toMatch(/^Usage: docker-compose up/)
  })

  test('a command that is none is told in docker’s words, where scripts look for them', async () => {
    expect((await ran('compose bogus', { name })).err).toMatch(/^unknown docker command: "compose bogus"\n/)
  })

  test('docker’s questions to plugins are answered', async () => {
    expect((await ran('docker-cli-plugin-metadata', { name })).out).toContain('"SchemaVersion":"0.1.0"')
    expect(await ran('docker-cli-plugin-hooks {}', { name })).toEqual({ code: 0, out: '', err: '' })
  })
})

test('an empty name of a project is none, as where a script’s variable is not set', async () => {
  const { out } = await ran(['-p', '', 'config', '--format', 'json'], { file: 'name: shop\nservices: {}' })
  expect(out).toContain('"name": "shop"')
})

test.each([
  ['ls --format x', 'format value "x" could not be parsed: parsing failed'],
  ['ls --filter name', 'invalid argument "name" for "--filter" flag: bad format of filter (expected name=value)'],
  ['ls --filter nane=x', "invalid filter 'nane'"],
  ['images --format x', 'format value "x" could not be parsed: parsing failed'],
  ['ps --filter status', 'arguments to --filter should be in form KEY=VAL'],
  ['port web 99999', '"99999" is not a port'],
])('%s is refused before anything is asked for', async (line, message) => {
  const { code, out, err } = await ran(line)
  expect([code, out, err.split('\n')[0]]).toEqual([1, '', message])
})

test('a limit that is none is told by every command that reads the project’s settings', async () => {
  const { err } = await ran('config', { file: 'services: {}', dotenv: 'COMPOSE_PARALLEL_LIMIT=x' })
  expect(err).toBe('COMPOSE_PARALLEL_LIMIT must be an integer (found: "x")\n')
})
