import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildContext } from '../../../src/local/build/context.ts'
import { aFolder } from '../../kit/folder.ts'

/** Names in the archive, and the texts of those that were asked for. */
async function sent(build: Parameters<typeof buildContext>[0], ...read: readonly string[]) {
  const context = await buildContext(build)
  const input = Buffer.concat(await Array.fromAsync(context.tar, bytes => Buffer.from(bytes)))
  const names = execFileSync('tar', ['-tf', '-'], { input, encoding: 'utf8' }).trim().split('\n')
  const text = (path: string) => execFileSync('tar', ['-xOf', '-', path], { input, encoding: 'utf8' })
  return { dockerfile: context.dockerfile, names, texts: read.map(text) }
}

test('a context is sent whole, in name order', async () => {
  const root = aFolder({ Dockerfile: 'FROM a', 'src/b.ts': '', 'src/a.ts': '', z: '' })
  symlinkSync('z', join(root, 'link'))
  expect(await sent({ context: root, dockerfile: join(root, 'Dockerfile') })).toEqual({
    dockerfile: 'Dockerfile',
    names: ['Dockerfile', 'link', 'src/', 'src/a.ts', 'src/b.ts', 'z'],
    texts: [],
  })
})

test('a large file comes whole, though each piece lies where the one before lay', async () => {
  const content = Array.from({ length: 40_000 }, (_, i) => String(i).padStart(5, '0')).join('')
  const root = aFolder({ Dockerfile: 'FROM a', large: content, larger: `${content}!` })
  const { texts } = await sent({ context: root, dockerfile: join(root, 'Dockerfile') }, 'large', 'larger')
  expect(texts.map(text => text.length)).toEqual([200_000, 200_001])
  expect(texts[0] === content && texts[1] === `${content}!`).toBe(true)
})

test('what .dockerignore names stays here', async () => {
  const root = aFolder({ Dockerfile: '', '.dockerignore': 'node_modules\n*.log', 'node_modules/a': '', 'x.log': '' })
  const { names } = await sent({ context: root, dockerfile: join(root, 'Dockerfile') })
  expect(names).toEqual(['.dockerignore', 'Dockerfile'])
})

test('a line with "!" brings a file back out of an ignored directory', async () => {
  const root = aFolder({ Dockerfile: '', '.dockerignore': 'a\n!a/b/keep', 'a/b/keep': '', 'a/b/drop': '', 'a/c': '' })
  const { names } = await sent({ context: root, dockerfile: join(root, 'Dockerfile') })
  expect(names).toEqual(['.dockerignore', 'Dockerfile', 'a/b/keep'])
})

test('an ignore file of the Dockerfile’s own stands in for the context’s', async () => {
  const root = aFolder({
    'web.Dockerfile': '',
    'web.Dockerfile.dockerignore': 'b',
    '.dockerignore': 'a',
    a: '',
    b: '',
  })
  const { names, dockerfile } = await sent({ context: root, dockerfile: join(root, 'web.Dockerfile') })
  expect(dockerfile).toBe('web.Dockerfile')
  expect(names).toContain('a')
  expect(names).not.toContain('b')
})

test('a Dockerfile in a directory of the context is named by its path', async () => {
  const root = aFolder({ 'docker/Dockerfile': 'FROM a' })
  expect((await sent({ context: root, dockerfile: join(root, 'docker/Dockerfile') })).dockerfile).toBe(
    'docker/Dockerfile',
  )
})

test('a Dockerfile outside the context is sent along, and named in .dockerignore so that COPY does not see it', async () => {
  const outside = aFolder({ Dockerfile: 'FROM outside' })
  const root = aFolder({ a: '' })
  const { names, dockerfile, texts } = await sent(
    { context: root, dockerfile: join(outside, 'Dockerfile') },
    '.dockerignore',
  )
  expect(dockerfile).toBe('.gantry.dockerfile')
  expect(names).toEqual(['a', dockerfile, '.dockerignore'])
  expect(texts).toEqual([`.dockerignore\n${dockerfile}\n`])
})

test('an inline Dockerfile wins over the file, and the context’s own rules stay', async () => {
  const root = aFolder({ Dockerfile: 'FROM file', '.dockerignore': 'b', a: '', b: '' })
  const context = { context: root, dockerfile: join(root, 'Dockerfile'), dockerfile_inline: 'FROM inline' }
  const { dockerfile } = await buildContext(context)
  const { names, texts } = await sent(context, dockerfile, '.dockerignore')
  expect(names).toEqual(['Dockerfile', 'a', dockerfile, '.dockerignore'])
  expect(texts).toEqual(['FROM inline', `b\n${dockerfile}\n`])
})

test('a Dockerfile that is ignored itself is still found', async () => {
  const root = aFolder({ Dockerfile: 'FROM a', '.dockerignore': '*\n!src', 'src/a': '' })
  const { names, dockerfile, texts } = await sent(
    { context: root, dockerfile: join(root, 'Dockerfile') },
    '.dockerignore',
  )
  expect(names).toEqual(['src/', 'src/a', dockerfile, '.dockerignore'])
  expect(texts).toEqual([`.dockerignore\n${dockerfile}\n`])
})

test('what is missing is told before anything is sent', async () => {
  const root = aFolder({ a: '' })
  const missing = join(root, 'nowhere')
  await expect(buildContext({ context: missing, dockerfile: join(missing, 'Dockerfile') })).rejects.toThrow(
    `unable to prepare context: path "${missing}" not found`,
  )
  await expect(buildContext({ context: join(root, 'a'), dockerfile: join(root, 'a/Dockerfile') })).rejects.toThrow(
    `the build context "${join(root, 'a')}" is not a directory`,
  )
  await expect(buildContext({ context: root, dockerfile: join(root, 'Dockerfile') })).rejects.toThrow(
    `the Dockerfile "${join(root, 'Dockerfile')}" does not exist`,
  )
})
