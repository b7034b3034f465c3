import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { calledBy } from '../../src/cli/called.ts'
import { run } from '../../src/cli/run.ts'
import { stream } from '../ui/terminal.ts'

const shop = `name: shop
services:
  web:
    image: \${IMAGE:-nginx}
    depends_on: [db]
    profiles: [front]
  db:
    build: ./db
    env_file: db.env
    volumes: [data:/data]
    networks: [back]
  ops:
    image: ops
    profiles: [tools]
volumes: {data: {}, spare: {}}
networks: {back: {}}
`

async function config(line: string, files: Record<string, string> = {}, env: Record<string, string> = {}) {
  const [stdout, stderr] = [stream(), stream()]
  const folder = mkdtempSync(join(tmpdir(), 'gantry-config-'))
  const given = { 'compose.yaml': shop, 'db.env': 'A=1\n', ...files }
  for (const [name, text] of Object.entries(given)) writeFileSync(join(folder, name), text)
  const code = await run(line.split(' '), {
    called: calledBy('gantry', {}),
    file: '/nowhere/gantry.cjs',
    env: { DOCKER_HOST: 'unix:///nowhere/docker.sock', HOME: folder, ...env },
    cwd: () => folder,
    stdin: process.stdin,
    stdout,
    stderr,
    onSignal: () => {},
    onOtherSignals: () => {},
    exit: () => Promise.reject(new Error('ended')),
  })
  return { code, out: stdout.text(), err: stderr.text(), folder }
}

const lines = (text: string): readonly string[] => text.trim().split('\n').toSorted()

describe('lists on standard output', () => {
  test.each([
    ['config --services', ['db']],
    ['--profile front config --services', ['db', 'web']],
    ['--profile * config --services', ['db', 'ops', 'web']],
    ['config --services web', ['db', 'web']],
    ['config --volumes', ['data']],
    ['--all-resources config --volumes', ['data', 'spare']],
    ['config --networks', ['back']],
    ['config --profiles', ['front', 'tools']],
    ['config --images', ['shop-db']],
    ['--profile front config --images', ['nginx', 'shop-db']],
    ['--compatibility config --images', ['shop_db']],
    ['config --models', ['']],
  ])('%s', async (line, expected) => {
    const { code, out, err } = await config(line)
    expect([code, err]).toEqual([0, ''])
    expect(lines(out)).toEqual(expected)
  })

  test.each([
    ['config --hash db --profiles --environment', /^db [0-9a-f]{64}\n$/],
    ['config --variables --services', /^db\n$/],
    ['config --services -q', /^db\n$/],
  ])('%s is the first of them in docker compose’s order, quiet or not', async (line, expected) => {
    expect((await config(line)).out).toMatch(expected)
  })

  test.each([
    ['config --services --no-interpolate', ['db', 'ops', 'web']],
    ['config --images --no-interpolate', ['${IMAGE:-nginx}', 'ops', 'shop-db']],
    ['config --profiles --no-interpolate', ['front', 'tools']],
    ['config --volumes --no-interpolate', ['data', 'spare']],
  ])('%s has the names as they are written', async (line, expected) => {
    expect(lines((await config(line)).out)).toEqual(expected)
  })

  test('config --hash needs the values of variables', async () => {
    expect(await config('config --hash * --no-interpolate')).toMatchObject({ code: 1, out: '' })
  })

  test('config --environment has what files can use', async () => {
    const { out } = await config('config --environment', { '.env': 'IMAGE=caddy\n' })
    expect(lines(out)).toContain('IMAGE=caddy')
    expect(lines(out)).toContain('COMPOSE_PROJECT_NAME=shop')
  })

  test('config --variables has what files ask for', async () => {
    expect((await config('config --variables')).out).toMatch(/^NAME +REQUIRED +DEFAULT VALUE.*\nIMAGE +false +nginx/)
  })

  test('config --variables has what included files ask for', async () => {
    const { code, out } = await config('config --variables', {
      'compose.yaml': 'include: [a.yaml]\nservices: {x: {image: "${X}"}}\n',
      'a.yaml': 'include: [{path: [b.yaml, a.yaml]}]\nservices: {a: {image: "${A:?no}"}}\n',
      'b.yaml': 'services: {b: {image: "${B:-b}"}}\n',
    })
    expect(code).toBe(0)
    expect(lines(out).map(line => line.split(/ +/)[0])).toEqual(['A', 'B', 'NAME', 'X'])
  })

  test('config --hash has a line for each service', async () => {
    expect((await config('config --hash *')).out).toMatch(/^db [0-9a-f]{64}\n$/)
    expect((await config('--profile front config --hash web,db')).out).toMatch(/^db [0-9a-f]{64}\nweb [0-9a-f]{64}\n$/)
  })
})

describe('the project on standard output', () => {
  const json = async (line: string, ...rest: [Record<string, string>?, Record<string, string>?]) => {
    const { code, out } = await config(`${line} --format json`, ...rest)
    expect(code).toBe(0)
    return JSON.parse(out)
  }

  test('in YAML', async () => {
    expect((await config('config')).out).toMatch(/^name: shop\nservices:\n {2}db:\n/)
  })

  test('in JSON', async () => {
    const { services } = await json('config')
    expect(Object.keys(services)).toEqual(['db'])
    expect(services.db.environment).toEqual({ A: '1' })
  })

  test('of the services that are named, and what they need', async () => {
    expect(Object.keys((await json('config web')).services)).toEqual(['db', 'web'])
  })

  test('--no-env-resolution leaves env files to be read', async () => {
    expect((await json('config --no-env-resolution')).services.db.env_file).toHaveLength(1)
  })

  test('--no-path-resolution leaves paths', async () => {
    expect((await json('config --no-path-resolution')).services.db.build.context).toBe('./db')
  })

  test('--no-normalize fills in no default', async () => {
    const { services, volumes } = await json('--profile front config --no-normalize')
    expect(services.web.networks).toBeUndefined()
    expect(volumes.data.name).toBeUndefined()
  })

  test('--no-interpolate leaves variables', async () => {
    expect((await json('config --no-interpolate')).services.web.image).toBe('${IMAGE:-nginx}')
  })

  test('--no-consistency checks no names', async () => {
    const file = { 'compose.yaml': 'services: {a: {image: x, networks: [n]}}' }
    expect((await config('config -q', file)).code).toBe(1)
    expect((await config('config -q --no-consistency', file)).code).toBe(0)
  })

  test('--output writes it to a file instead', async () => {
    const { code, out, folder } = await config('config -o out.yaml')
    expect([code, out]).toEqual([0, ''])
    expect(readFileSync(join(folder, 'out.yaml'), 'utf8')).toMatch(/^name: shop\n/)
  })

  test('--output that cannot be written is an error', async () => {
    const { code, out, err, folder } = await config('config -o nowhere/out.yaml')
    expect([code, out, existsSync(join(folder, 'nowhere'))]).toEqual([1, '', false])
    expect(err).toMatch(/^"nowhere\/out.yaml" cannot be written: no such file or directory\n/)
  })

  test('--no-normalize leaves out what is filled in, and not the values of bare names', async () => {
    const files = { 'compose.yaml': 'services: {a: {image: x, environment: [A]}}' }
    const { services, networks } = await json('config --no-normalize', files, { A: '1' })
    expect([services, networks]).toEqual([
      { a: { command: null, entrypoint: null, image: 'x', environment: { A: '1' } } },
      undefined,
    ])
  })

  test('--no-interpolate leaves out the version, and with --no-normalize the name', async () => {
    const files = {
      'compose.yaml': 'version: "3"\nservices: {a: {image: x, depends_on: {b: {condition: service_started}}}}',
    }
    expect(await json('config --no-interpolate --no-normalize', files)).toEqual({
      services: { a: { image: 'x', depends_on: { b: { condition: 'service_started', required: true } } } },
    })
  })

  test('--variables in JSON is as docker compose prints it', async () => {
    const { out } = await config('config --variables --format json', {
      'compose.yaml': 'services: {a: {image: "${I:-x}"}}',
    })
    expect(out).toBe(
      '{\n    "I": {\n        "Name": "I",\n        "DefaultValue": "x",\n        "PresenceValue": "",\n        "Required": false\n    }\n}\n\n',
    )
  })

  test('--workdir is told to be old, and cannot stand beside the new spelling', async () => {
    expect(await config('--workdir . config -q')).toMatchObject({
      code: 0,
      err: expect.stringContaining('old spelling'),
    })
    expect(await config('--workdir . --project-directory . config -q')).toMatchObject({ code: 1 })
  })

  test('--quiet prints nothing', async () => {
    expect(await config('config --quiet')).toMatchObject({ code: 0, out: '', err: '' })
  })
})

describe('mistakes', () => {
  const wrong = { 'compose.yaml': 'services:\n  a:\n    image: x\n    portz: [80]\n    networks: [n]\n' }

  test('are on standard error with their places, all of them', async () => {
    const { code, out, err } = await config('config', wrong)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain('compose.yaml:4:5: ')
    expect(err).toContain('hint: did you mean "ports"?')
    expect(err).toContain('compose.yaml:5:16: ')
  })

  test.each(['config', 'config -q', 'config --services', 'config --hash *', 'config --images', 'config --format json'])(
    '%s ends with 1 and prints no result',
    async line => expect(await config(line, wrong)).toMatchObject({ code: 1, out: '' }),
  )

  test('are objects for --progress json, one a line', async () => {
    const { code, out, err } = await config('--progress json config', wrong)
    expect([code, out]).toEqual([1, ''])
    expect(
      err
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
    ).toMatchObject([
      {
        error: true,
        code: 'unknown-key',
        message: 'unknown key "portz"',
        at: { file: 'compose.yaml', line: 4, column: 5 },
        hint: 'did you mean "ports"?',
      },
      { error: true, at: { file: 'compose.yaml', line: 5, column: 16 } },
    ])
  })

  test('have places in the file that they stand in', async () => {
    const { err } = await config('config', {
      'compose.yaml': 'include: [part.yaml]\nservices: {a: {image: x}}\n',
      'part.yaml': 'services:\n  b:\n    imagee: y\n',
    })
    expect(err).toMatch(/^part\.yaml:3:5: /)
  })

  test('warnings go to standard error, once, and the project is printed', async () => {
    const { code, out, err } = await config('config', { 'compose.yaml': 'services: {a: {image: "x${NOPE}"}}\n' })
    expect([code, out.length > 0]).toEqual([0, true])
    expect(err.match(/"NOPE"/g)).toHaveLength(1)
    expect(err).toMatch(/^compose\.yaml:1:25: warning: /)
  })

  test('secrets in the lines around are starred', async () => {
    const text = 'services:\n  a:\n    image: x\n    environment:\n      DB_PASSWORD: hunter2\n      B: [1]\n'
    const plain = await config('config', { 'compose.yaml': text })
    const json = await config('--progress json config', { 'compose.yaml': text })
    expect(plain.code).toBe(1)
    expect(plain.err).toContain('DB_PASSWORD: *******')
    expect(plain.err + json.err).not.toContain('hunter2')
  })

  test('a service that is not there is an error', async () => {
    const { code, out, err } = await config('config nosuch')
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain('no such service')
  })

  test('no file at all is an error', async () => {
    const { code, out, err } = await config('-f nosuch.yaml config')
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain('nosuch.yaml: no such file or directory')
  })
})
