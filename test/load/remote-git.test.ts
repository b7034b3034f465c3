import { once } from 'node:events'
import { existsSync, globSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type LoadOptions, load } from '../../src/load/load.ts'
import { directoryName } from '../../src/load/name.ts'
import { usedVariables } from '../../src/load/variables/variable-list.ts'
import type { UserError } from '../../src/text/problem.ts'
import { position } from '../../src/text/source.ts'
import { aFolder } from '../kit/folder.ts'
import { aRepository } from '../kit/repository.ts'

const service = (name: string, image = name) => `services: {${name}: {image: "${image}"}}\n`

/** A directory to load in, with a cache of its own. */
function place(files: Record<string, string>) {
  const cwd = aFolder(files)
  const cache = aFolder()
  const options = (more: Partial<LoadOptions> = {}): LoadOptions => ({
    cwd,
    env: { HOME: cwd, PATH: process.env['PATH'], XDG_CACHE_HOME: cache },
    ...more,
  })
  return { cwd, cache: join(cache, 'gantry', 'git'), options }
}

async function images(options: LoadOptions): Promise<Record<string, string | undefined>> {
  const { project } = await load(options)
  return Object.fromEntries(Object.entries(project.services).map(([name, { image }]) => [name, image]))
}

/** `file:line: message [code]` of each error. */
async function refusal(options: LoadOptions): Promise<string[]> {
  const error = await load(options).then(
    () => undefined,
    (thrown: UserError) => thrown,
  )
  if (!error) throw new Error('it was loaded')
  return error.problems.map(
    ({ at, message, code }) => `${at ? `${at.source.name}:${position(at).line}: ` : ''}${message} [${code}]`,
  )
}

describe('a part in a git repository', () => {
  const repository = () =>
    aRepository({
      'compose.yaml': service('root'),
      'db/docker-compose.yml': service('db', '${DB:-postgres}'),
      'db/other.yaml': 'services: {other: {image: other, env_file: ../common.env}}\n',
      'common.env': 'A=1\n',
    })

  test.each([
    ['', { root: 'root' }],
    ['#main', { root: 'root' }],
    ['#HEAD:db', { db: 'postgres' }],
    ['#:db/other.yaml', { other: 'other' }],
  ])('is included by URL%s', async (fragment, expected) => {
    const { options } = place({ 'compose.yaml': `include: ["${repository().url}${fragment}"]\n` })
    expect(await images(options())).toEqual(expected)
  })

  test('is extended', async () => {
    const file = `services: {a: {extends: {file: "${repository().url}#main:db/other.yaml", service: other}}}\n`
    const { project } = await load(place({ 'compose.yaml': file }).options())
    expect(project.services['a']).toMatchObject({ image: 'other', environment: { A: '1' } })
  })

  test('is named by -f, and then the project lies in its folder and has the name of the current directory', async () => {
    const { options, cache, cwd } = place({})
    const { project } = await load(options({ files: [`${repository().url}#main:db`] }))
    const [commit] = readdirSync(cache)
    expect(project).toMatchObject({
      name: directoryName(cwd),
      working_dir: join(cache, commit!, 'db'),
      files: [join(cache, commit!, 'db', 'docker-compose.yml')],
    })
  })

  test('tells which variables it uses', async () => {
    const { options } = place({})
    expect(await usedVariables(options({ files: [`${repository().url}#main:db`] }))).toMatchObject([
      { name: 'DB', default: 'postgres' },
    ])
  })

  test('is read at the commit that a branch, a tag or a commit has', async () => {
    const parts = aRepository({ 'compose.yaml': service('a', 'one') })
    const first = parts.git('rev-parse', 'HEAD')
    parts.git('tag', '--annotate', '--message', 'one', 'v1')
    parts.commit({ 'compose.yaml': service('a', 'two') })
    const at = async (ref: string) =>
      (await images(place({ 'compose.yaml': `include: ["${parts.url}#${ref}"]\n` }).options()))['a']
    expect(await at('v1')).toBe('one')
    expect(await at(first)).toBe('one')
    expect(await at('main')).toBe('two')
  })

  test('that moved on is fetched anew', async () => {
    const parts = aRepository({ 'compose.yaml': service('a', 'one') })
    const { options } = place({ 'compose.yaml': `include: ["${parts.url}#main"]\n` })
    expect(await images(options())).toEqual({ a: 'one' })
    parts.commit({ 'compose.yaml': service('a', 'two') })
    expect(await images(options())).toEqual({ a: 'two' })
  })

  test('named by its commit needs no repository once it was fetched', async () => {
    const parts = repository()
    const { options } = place({ 'compose.yaml': `include: ["${parts.url}#${parts.git('rev-parse', 'HEAD')}"]\n` })
    await images(options())
    rmSync(parts.folder, { recursive: true })
    expect(await images(options())).toEqual({ root: 'root' })
  })

  test('is kept as files only, whole, however many fetch it at once', async () => {
    const { options, cache } = place({ 'compose.yaml': `include: ["${repository().url}"]\n` })
    const all = await Promise.all([1, 2, 3].map(() => images(options())))
    expect(all).toEqual([{ root: 'root' }, { root: 'root' }, { root: 'root' }])
    const [commit, ...others] = readdirSync(cache)
    expect(others).toEqual([])
    expect(readdirSync(join(cache, commit!)).toSorted()).toEqual(['common.env', 'compose.yaml', 'db'])
  })

  test('is fetched as well where git works on another repository', async () => {
    const { options } = place({ 'compose.yaml': `include: ["${repository().url}"]\n` })
    const { env } = options()
    expect(await images(options({ env: { ...env, GIT_DIR: '/nowhere', GIT_WORK_TREE: '/nowhere' } }))).toEqual({
      root: 'root',
    })
  })
})

describe('what cannot be had is told where it is named', () => {
  const told = async (reference: string, env: Record<string, string> = {}) => {
    const { options } = place({ 'compose.yaml': `name: p\ninclude:\n  - "${reference}"\n` })
    return refusal(options({ env: { ...options().env, ...env } }))
  }

  test('a branch', async () => {
    const { url } = aRepository({ 'compose.yaml': service('a') })
    expect(await told(`${url}#nope`)).toEqual([`compose.yaml:3: "${url}" has no branch or tag "nope" [no-such-ref]`])
  })

  test('a directory', async () => {
    const parts = aRepository({ 'compose.yaml': service('a'), 'docs/README': '' })
    const commit = parts.git('rev-parse', '--short=12', 'HEAD')
    expect(await told(`${parts.url}#main:docs`)).toEqual([
      `compose.yaml:3: "${parts.url}#main:docs" has no "docs" with a Compose file at commit ${commit} [no-such-file]`,
    ])
  })

  test('a repository', async () => {
    expect(await told('file:///nowhere/at/all.git')).toEqual([
      expect.stringMatching(
        /^compose\.yaml:3: "file:\/\/\/nowhere\/at\/all\.git" cannot be fetched: .* \[git-failed\]$/,
      ),
    ])
  })

  test('git itself', async () => {
    expect(await told('file:///nowhere.git', { PATH: '/nowhere' })).toEqual([
      'compose.yaml:3: the program "git" cannot be run: ENOENT [git-missing]',
    ])
  })

  test('without the credentials of its URL', async () => {
    const said = (await told('http://me:s3cret@127.0.0.1:9/x.git')).join()
    expect(said).toContain('"http://127.0.0.1:9/x.git" cannot be fetched')
    expect(said).not.toContain('s3cret')
  })

  test('a place to keep it in', async () => {
    const { url } = aRepository({ 'compose.yaml': service('a') })
    const home = aFolder({ file: '' })
    expect(await told(url, { XDG_CACHE_HOME: join(home, 'file') })).toEqual([
      `compose.yaml:3: "${join(home, 'file', 'gantry', 'git')}" cannot be written: ENOTDIR [cache-unwritable]`,
    ])
  })
})

test('a server that never answers is left when the user leaves', async () => {
  const server = createServer(() => heard.resolve())
  const heard = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { options } = place({
    'compose.yaml': `include: ["git://127.0.0.1:${(server.address() as AddressInfo).port}/x.git"]\n`,
  })
  const leaving = new AbortController()
  const left = new Promise<void>(resolve =>
    server.on('connection', socket =>
      socket
        .on('close', () => resolve())
        .on('error', () => {})
        .resume(),
    ),
  )
  const loading = load(options({ signal: leaving.signal }))
  await heard.promise
  const reason = new Error('interrupted')
  leaving.abort(reason)
  await expect(loading).rejects.toBe(reason)
  await left
})

describe('a part can name no file outside its own folder', () => {
  const attack = async (files: Record<string, string>, path = '') => {
    const secret = aFolder({ secret: 'PASSWORD=hunter2\n', 'compose.yaml': service('mine') })
    const filled = Object.entries(files).map(([name, text]) => [name, text.replaceAll('SECRET', secret)] as const)
    const { options, cwd } = place({
      'compose.yaml': `include: ["${aRepository(Object.fromEntries(filled)).url}#main${path}"]\n`,
    })
    const told = await refusal(options())
    expect(told.join()).not.toContain('hunter2')
    return told.map(line =>
      line
        .replaceAll(cwd, 'CWD')
        .replaceAll(secret, 'SECRET')
        .replaceAll(/\S*\/git\/[0-9a-f]{40}\//g, 'PART/'),
    )
  }
  const outside = (path: string) => expect.stringContaining(`a remote part may not name "${path}"`)

  test('by the path in its reference', async () => {
    expect(await attack({ 'compose.yaml': service('a') }, ':../..')).toEqual([
      expect.stringContaining('"../.." leads out of the repository'),
    ])
  })

  test('by a link that its reference names', async () => {
    const files = { 'compose.yaml': service('a'), link: '->SECRET' }
    expect(await attack(files, ':link')).toEqual([expect.stringContaining('"link" is a link that leads out')])
  })

  test('by a link to an env file', async () => {
    const files = { 'compose.yaml': 'services: {a: {image: a, env_file: x.env}}\n', 'x.env': '->SECRET/secret' }
    expect(await attack(files)).toEqual([expect.stringMatching(/may not name "?PART\/x\.env"/)])
  })

  test('by a link to a secret, a config or a build context', async () => {
    const file =
      'services: {a: {image: a, build: ctx}}\nsecrets: {s: {file: link/secret}}\nconfigs: {c: {file: link/secret}}\n'
    expect(await attack({ 'compose.yaml': file, link: '->SECRET', ctx: '->SECRET' })).toHaveLength(3)
  })

  test('by a link for its .env', async () => {
    expect(await attack({ 'compose.yaml': service('a'), '.env': '->SECRET/secret' })).toEqual([
      expect.stringMatching(/may not name "?PART\/\.env"/),
    ])
  })

  test('by an include or extends', async () => {
    const file = 'include: [SECRET/compose.yaml, link/compose.yaml]\n'
    expect(await attack({ 'compose.yaml': file + service('a'), link: '->SECRET' })).toHaveLength(2)
    const extended = 'services: {a: {extends: {file: SECRET/compose.yaml, service: mine}}}\n'
    expect(await attack({ 'compose.yaml': extended })).toEqual([outside('SECRET/compose.yaml')])
  })

  test('by a repository of this machine', async () => {
    const file = `include: ["file://SECRET/x.git"]\n${service('a')}`
    expect(await attack({ 'compose.yaml': file })).toEqual([outside('file://SECRET/x.git')])
  })

  test('by what git would make of its own files', async () => {
    const { options, cache } = place({
      'compose.yaml': `include: ["${aRepository({ 'compose.yaml': 'services: {a: {image: a, env_file: .git/config}}\n' }).url}"]\n`,
    })
    expect(await refusal(options())).toEqual([expect.stringContaining('/.git/config not found')])
    expect(globSync('**/.git', { cwd: cache })).toEqual([])
  })
})

test('what the user wrote may name any file, beside a part as well', async () => {
  const { url } = aRepository({ 'compose.yaml': 'services: {a: {image: a}}\nsecrets: {s: {file: /nowhere}}\n' })
  const mine = aFolder({ env: 'A=1\n' })
  const { options, cwd } = place({})
  writeFileSync(
    join(cwd, 'compose.yaml'),
    `include: ["${url}"]\nservices: {b: {image: b, env_file: "${mine}/env"}}\nsecrets: {s: {file: "${mine}/env"}}\n`,
  )
  const { project } = await load(options())
  expect(project.services['b']?.environment).toEqual({ A: '1' })
  expect(project.secrets['s']).toMatchObject({ file: join(mine, 'env') })
})

test('a project without parts keeps nothing', async () => {
  const { options, cache } = place({ 'compose.yaml': service('a') })
  await load(options())
  expect(existsSync(cache)).toBe(false)
})
