import { describe, expect, test } from 'vitest'
import { memory } from '../../src/load/files.ts'
import { type LoadOptions, load } from '../../src/load/load.ts'
import { UserError } from '../../src/text/problem.ts'
import { position } from '../../src/text/source.ts'

type Given = Record<string, string | Uint8Array>

const loaded = (files: Given, options: Partial<LoadOptions> = {}) =>
  load({
    cwd: '/srv/shop',
    env: { HOME: '/home/me' },
    filesystem: memory(Object.fromEntries(Object.entries(files).map(([path, text]) => [`/srv/shop/${path}`, text]))),
    ...options,
  })

async function refusal(files: Given, options: Partial<LoadOptions> = {}): Promise<string[]> {
  try {
    await loaded(files, options)
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(p => p.message)
    throw error
  }
  return []
}

describe('the place of an attribute', () => {
  const files = {
    'compose.yaml':
      'services:\n  web:\n    image: x\n    environment:\n      LEVEL: info\n      MODE: a\n    ports:\n      - "80:80"\n    env_file: web.env\n',
    'compose.override.yaml': 'services:\n  web:\n    environment:\n      LEVEL: debug\n',
    'web.env': '# for web\nTOKEN_FILE=/t\n',
  }
  const place = async (...path: string[]) => {
    const at = (await loaded(files)).origin.at(path)
    return at && `${at.source.name}:${position(at).line}:${position(at).column}`
  }

  test('is that of its value, in the file that said it last', async () => {
    expect(await place('services', 'web', 'environment', 'LEVEL')).toBe('compose.override.yaml:4:14')
    expect(await place('services', 'web', 'environment', 'MODE')).toBe('compose.yaml:6:13')
  })

  test('is that of a list item', async () => {
    expect(await place('services', 'web', 'ports', '0')).toBe('compose.yaml:8:9')
  })

  test('is in the env file for what comes from there', async () => {
    expect(await place('services', 'web', 'environment', 'TOKEN_FILE')).toBe('web.env:2:1')
  })

  test('of what nobody wrote is the nearest around it', async () => {
    expect(await place('services', 'web', 'networks', 'default')).toBe('compose.yaml:2:3')
    expect(await place('services', 'web', 'environment')).toBe('compose.yaml:4:5')
  })
})

describe('the name of a project', () => {
  const name = async (text: string, options: Partial<LoadOptions> = {}) =>
    (await loaded({ 'compose.yaml': `${text}\nservices: {a: {image: x}}\n` }, options)).project.name

  test('is given by flag, by COMPOSE_PROJECT_NAME, by the file, by the directory, in this order', async () => {
    expect(await name('name: file', { project_name: 'flag', env: { COMPOSE_PROJECT_NAME: 'env' } })).toBe('flag')
    expect(await name('name: file', { env: { COMPOSE_PROJECT_NAME: 'env' } })).toBe('env')
    expect(await name('name: file')).toBe('file')
    expect(await name('')).toBe('shop')
  })

  test('is made normal where a file or a directory gives it', async () => {
    expect(await name('name: My App_1')).toBe('myapp_1')
  })

  test('must be normal where the user gives it', async () => {
    expect(await refusal({ 'compose.yaml': 'services: {a: {image: x}}' }, { project_name: 'My' })).toEqual([
      'invalid project name "My": must consist only of lowercase alphanumeric characters, hyphens, and underscores as well as start with a letter or number',
    ])
  })

  test('cannot be empty', async () => {
    expect(await refusal({ 'compose.yaml': 'name: ___\nservices: {a: {image: x}}' })).toEqual([
      'project name must not be empty',
    ])
  })
})

describe('files', () => {
  test('are laid over each other in the order given', async () => {
    const { project } = await loaded(
      { 'a.yaml': 'services: {a: {image: a, user: u}}', 'b.yaml': 'services: {a: {image: b}}' },
      { files: ['a.yaml', 'b.yaml'] },
    )
    expect(project.services['a']).toMatchObject({ image: 'b', user: 'u' })
    expect(project.files).toEqual(['/srv/shop/a.yaml', '/srv/shop/b.yaml'])
  })

  test('may come from standard input', async () => {
    const { project } = await loaded(
      {},
      { files: ['-'], stdin: async () => 'services: {a: {image: x, volumes: ["./d:/d"]}}' },
    )
    expect(project.services['a']?.volumes).toMatchObject([{ source: '/srv/shop/d' }])
  })

  test('from standard input may have the encodings of a file, and no others', async () => {
    const given = (bytes: Uint8Array) => ({ files: ['-'], stdin: async () => bytes })
    const { project } = await loaded({}, given(Buffer.from('\ufeffservices: {a: {image: é}}', 'utf16le')))
    expect(project.services['a']?.image).toBe('é')
    expect(await refusal({}, given(Buffer.from('services: {a: {image: "\0"}}')))).toEqual([
      'the character U+0000 is not allowed in YAML',
    ])
    expect(await refusal({}, given(Buffer.from([0x61, 0xff])))).toEqual(['the file is not UTF-8 text'])
    expect(await refusal({}, given(Buffer.alloc(17 * 1024 * 1024)))).toEqual([
      '"standard input" is larger than 16 MiB, which no Compose file is',
    ])
  })

  test('are missed by name', async () => {
    expect(await refusal({})).toEqual(['no configuration file provided: not found'])
  })

  test('may be UTF-16 with its mark', async () => {
    const { project } = await loaded({ 'compose.yaml': Buffer.from('\ufeffservices: {a: {image: é}}', 'utf16le') })
    expect(project.services['a']?.image).toBe('é')
  })

  test('must be text', async () => {
    expect(await refusal({ 'compose.yaml': Buffer.from('services: {a: {image: \xe9}}', 'latin1') })).toEqual([
      'the file is not UTF-8 text',
    ])
    expect(await refusal({ 'compose.yaml': 'services: {a: {image: "\x07"}}' })).toEqual([
      'the character U+0007 is not allowed in YAML',
    ])
  })
})

describe('profiles', () => {
  const files = { 'compose.yaml': 'services: {a: {image: x}, b: {image: x, profiles: [p]}}' }

  test('services that are off are declared still', async () => {
    const { project } = await loaded(files)
    expect([Object.keys(project.services), Object.keys(project.disabled)]).toEqual([['a'], ['b']])
  })

  test('naming a service turns its profiles on', async () => {
    const { project } = await loaded(files, { services: ['b'] })
    expect([Object.keys(project.services), project.profiles]).toEqual([['a', 'b'], ['p']])
  })
})

test('the value of a variable is kept for secrets and configs that name it', async () => {
  const { project } = await loaded(
    { 'compose.yaml': 'services: {a: {image: x}}\nsecrets: {s: {environment: S}}\nconfigs: {c: {environment: NOPE}}' },
    { env: { S: 'hunter2' } },
  )
  expect([project.secrets['s']?.content, project.configs['c']?.content]).toEqual(['hunter2', undefined])
})

test('warnings do not stop anything', async () => {
  const { project, problems } = await loaded({ 'compose.yaml': 'services: {a: {image: "x$NOPE"}}' })
  expect([project.services['a']?.image, problems.map(p => p.code)]).toEqual(['x', ['unset-variable']])
})

describe('attacks end in a clear error or at once', () => {
  const within = async (limit: number, files: Given): Promise<string[]> => {
    const began = performance.now()
    const messages = await refusal(files)
    expect(performance.now() - began).toBeLessThan(limit)
    return messages
  }

  test('files that include the next one twice', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [
        `${i}.yaml`,
        `include: [${i + 1}.yaml, ${i + 1}.yaml]\nservices: {a${i}: {image: x}}`,
      ]),
    )
    expect(
      await within(20_000, { 'compose.yaml': files['0.yaml']!, ...files, '30.yaml': 'services: {z: {image: x}}' }),
    ).toEqual(['more than 1000 includes'])
  })

  test('thousands of services that extend each other', async () => {
    const services = Array.from({ length: 3000 }, (_, i) => `  s${i}: {image: x, extends: s${i + 1}}`)
    expect(
      (await within(20_000, { 'compose.yaml': `services:\n${services.join('\n')}\n  s3000: {image: x}\n` }))[0],
    ).toBe('a chain of more than 500 services that extend each other')
  })

  test('a chain of ten thousand dependencies', async () => {
    const services = Array.from({ length: 10_000 }, (_, i) => `  s${i}: {image: x, depends_on: [s${i + 1}]}`)
    expect(
      await within(10_000, { 'compose.yaml': `services:\n${services.join('\n')}\n  s10000: {image: x}\n` }),
    ).toEqual([])
  })

  test('a file as large as an archive', async () => {
    expect(await within(20_000, { 'compose.yaml': new Uint8Array(100 * 1024 * 1024) })).toEqual([
      '"compose.yaml" is larger than 16 MiB, which no Compose file is',
    ])
  })

  test('more mistakes than anybody reads', async () => {
    const keys = Array.from({ length: 500 }, (_, i) => `    nope${i}: x`)
    const messages = await within(20_000, { 'compose.yaml': `services:\n  a:\n    image: x\n${keys.join('\n')}\n` })
    expect([messages.length, messages.at(-1)]).toEqual([101, 'and 400 more'])
  })
})
