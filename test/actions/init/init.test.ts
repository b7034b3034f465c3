import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { init } from '../../../src/actions/init/init.ts'
import { placeFiles } from '../../../src/actions/init/place.ts'
import { shippedProject, shippedProjects } from '../../../src/actions/init/projects.ts'
import { textFile } from '../../../src/actions/init/template.ts'
import { load } from '../../../src/load/load.ts'
import { UserError } from '../../../src/text/problem.ts'
import { aFolder } from '../../kit/folder.ts'

const compose = `services:
  db: { image: postgres, secrets: [password] }
secrets:
  password: { file: ./secrets/password.txt }
`

function given(files: Readonly<Record<string, string>> = { 'compose.yaml': compose }) {
  return { name: 'mine', files: new Map(Object.entries(files).map(([path, text]) => [path, textFile(text)])) }
}

function write(
  directory: string,
  files?: Readonly<Record<string, string>>,
  more: { force?: boolean; dryRun?: boolean } = {},
) {
  const changes = init(given(files), { directory, emit: () => {}, ...more })
  return changes.map(({ unit, verdict }) => `${verdict} ${unit.name}`)
}

function complaints(work: () => unknown): readonly string[] {
  try {
    work()
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(problem => problem.message)
    throw error
  }
  return []
}

const text = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8')
const mode = (folder: string, path: string) => (statSync(join(folder, path)).mode & 0o777).toString(8)

describe('what is written', () => {
  test('the files, in a directory that is made for them', () => {
    const folder = join(aFolder(), 'a/b')
    expect(write(folder, { 'compose.yaml': 'services: {}', 'src/app.js': '1' })).toEqual([
      'create compose.yaml',
      'create src/app.js',
    ])
    expect(text(folder, 'src/app.js')).toBe('1')
    expect(readdirSync(folder).toSorted()).toEqual(['compose.yaml', 'src'])
  })

  test('random secrets where the Compose file reads them: for containers to read, in a directory for nobody else', () => {
    const [one, two] = [aFolder(), aFolder()]
    expect(write(one)).toEqual(['create compose.yaml', 'create secrets/password.txt'])
    write(two)
    expect(text(one, 'secrets/password.txt')).toMatch(/^[0-9a-f]{40}$/)
    expect(text(one, 'secrets/password.txt')).not.toBe(text(two, 'secrets/password.txt'))
    expect([mode(one, 'secrets'), mode(one, 'secrets/password.txt')]).toEqual(['700', '644'])
  })

  test('nothing a second time', () => {
    const folder = aFolder()
    write(folder)
    expect(write(folder)).toEqual([])
  })

  test('nothing in a dry run, not even the directory', () => {
    const folder = join(aFolder(), 'new')
    expect(write(folder, undefined, { dryRun: true })).toEqual(['create compose.yaml', 'create secrets/password.txt'])
    expect(existsSync(folder)).toBe(false)
  })

  test('a secret is kept, even by force', () => {
    const folder = aFolder({ 'secrets/password.txt': 'as it was', 'compose.yaml': 'old' })
    expect(write(folder, undefined, { force: true })).toEqual(['replace compose.yaml'])
    expect(text(folder, 'secrets/password.txt')).toBe('as it was')
  })

  test('no secret outside the directory', () => {
    const folder = join(aFolder(), 'in')
    const secrets = ['../out.txt', '/tmp/gantry-out.txt', '~/out.txt', '${WHERE}/out.txt', './a/../../out.txt']
    const files = secrets.map((path, i) => `  s${i}: { file: ${JSON.stringify(path)} }`)
    expect(write(folder, { 'compose.yaml': `services: {}\nsecrets:\n${files.join('\n')}\n` })).toEqual([
      'create compose.yaml',
    ])
  })
})

describe('what is in the way', () => {
  test('is told all at once, and nothing is written', () => {
    const folder = aFolder({ 'compose.yaml': 'other', 'src/app.js': 'other' })
    const files = { 'compose.yaml': compose, 'src/app.js': '1', 'new.txt': '' }
    expect(complaints(() => write(folder, files))).toEqual([
      '"compose.yaml" is there, and not as the template has it',
      '"src/app.js" is there, and not as the template has it',
    ])
    expect(readdirSync(folder).toSorted()).toEqual(['compose.yaml', 'src'])
    expect(text(folder, 'compose.yaml')).toBe('other')
  })

  test('is replaced by force', () => {
    const folder = aFolder({ 'compose.yaml': 'other' })
    expect(write(folder, { 'compose.yaml': compose.slice(0, 30) }, { force: true })).toEqual(['replace compose.yaml'])
    expect(text(folder, 'compose.yaml')).toBe(compose.slice(0, 30))
  })

  test('another Compose file, whose place the new one would take', () => {
    const folder = aFolder({ 'docker-compose.yml': 'services: {}' })
    expect(complaints(() => write(folder))).toEqual([
      '"docker-compose.yml" is there, and would no longer be the file that is used beside "compose.yaml"',
    ])
  })

  test('a directory, or a file where a directory must be: not even by force', () => {
    const folder = aFolder({ src: 'a file', 'compose.yaml/in': '' })
    expect(complaints(() => write(folder, { 'compose.yaml': '', 'src/app.js': '' }, { force: true }))).toEqual([
      '"compose.yaml" cannot be written: "compose.yaml" is a directory',
      '"src/app.js" cannot be written: "src" is a file',
    ])
  })

  test('a link that leads out: what it leads to is not touched', () => {
    const outside = aFolder({ 'compose.yaml': 'theirs' })
    const folder = aFolder()
    symlinkSync(outside, join(folder, 'src'))
    symlinkSync(join(outside, 'compose.yaml'), join(folder, 'compose.yaml'))
    expect(complaints(() => write(folder, { 'compose.yaml': '', 'src/a': '' }, { force: true }))).toEqual([
      '"compose.yaml" cannot be written: "compose.yaml" is a link',
      '"src/a" cannot be written: "src" is a link',
    ])
    expect(readdirSync(outside)).toEqual(['compose.yaml'])
    expect(text(outside, 'compose.yaml')).toBe('theirs')
  })

  test('a path of the template that leads out', () => {
    const folder = join(aFolder(), 'in')
    mkdirSync(folder)
    expect(complaints(() => write(folder, { 'compose.yaml': '', 'a/../../out': '' }))).toEqual([
      '"a/../../out" leads out of the directory: nothing was written',
    ])
    expect(readdirSync(folder)).toEqual([])
  })
})

test('where a later file cannot be written, the earlier ones are taken back and what they replaced is there again', () => {
  const folder = aFolder({ 'compose.yaml': 'before' })
  const bytes = Buffer.from('after')
  const twice = [
    { path: 'src/b.txt', bytes },
    { path: 'src/b.txt', bytes },
  ]
  const files = [{ path: 'compose.yaml', bytes, replace: true }, ...twice]
  expect(complaints(() => placeFiles(folder, files))).toEqual(['"src/b.txt" cannot be written: EEXIST'])
  expect(readdirSync(folder)).toEqual(['compose.yaml'])
  expect(text(folder, 'compose.yaml')).toBe('before')
})

test('a template without a Compose file is none', () => {
  expect(complaints(() => write(aFolder(), { 'README.md': '' }))).toEqual(['"mine" has no Compose file'])
})

describe.each((await shippedProjects()).map(({ name, summary }) => ({ name, summary })))(
  'the template $name',
  ({ name, summary }) => {
    test('loads without a warning as it is written, and says what it is', async () => {
      const folder = aFolder()
      const template = await shippedProject(name)
      init(template, { directory: folder, emit: () => {} })
      const { problems } = await load({ cwd: folder, env: {} })
      expect(problems).toEqual([])
      expect(summary).toMatch(/^[A-Z][^.]{20,90}$/)
      for (const file of ['README.md', '.env.example', '.gitignore', 'compose.yaml'])
        expect([...template.files.keys()]).toContain(file)
    })

    test('follows good practice: checks, limits, users, pinned images, loopback ports, secrets from files', async () => {
      const folder = aFolder()
      init(await shippedProject(name), { directory: folder, emit: () => {} })
      const { project } = await load({ cwd: folder, env: {} })
      const ignored = text(folder, '.gitignore').split('\n')
      expect(ignored).toContain('.env')
      for (const [service, told] of Object.entries(project.services)) {
        expect(told.healthcheck?.test?.length, `${service} has a health check`).toBeGreaterThan(0)
        expect(told.restart, service).toBe('unless-stopped')
        expect(Object.keys(told.deploy?.resources?.limits ?? {}).toSorted(), service).toEqual([
          'cpus',
          'memory',
          'pids',
        ])
        expect(told.security_opt, service).toContain('no-new-privileges:true')
        expect(told.privileged ?? false, service).toBe(false)
        for (const port of told.ports ?? [])
          expect(port.host_ip, `${service} is for this machine only`).toBe('127.0.0.1')
        if (told.image !== undefined && !told.build) expect(told.image, service).toMatch(/:v?\d+\.\d+/)
        if (told.build) {
          const context = join(folder, told.build.context!.slice(folder.length))
          expect(existsSync(join(context, '.dockerignore')), `${service} sends only what it needs`).toBe(true)
          for (const [, image] of text(context, 'Dockerfile').matchAll(/^FROM (?!scratch)(\S+)/gm))
            expect(image, service).toMatch(/:\d+\.\d+/)
        }
        for (const mount of told.volumes ?? []) if (mount.type === 'volume') expect(mount.source, service).toBeTruthy()
      }
      for (const [secret, { file }] of Object.entries(project.secrets)) {
        expect(file, secret).toMatch(/\/secrets\/\w+\.txt$/)
        expect(ignored, `${secret} is in no repository`).toContain('secrets/')
      }
    })
  },
)

test('there are at least eight', async () => {
  expect((await shippedProjects()).length).toBeGreaterThanOrEqual(8)
})
