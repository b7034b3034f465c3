import { lstat, readFile, readlink, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Scene, scenario } from '../kit/scenario.ts'

/** What a command prints in each of the two containers. */
async function inBoth(s: Scene, ...command: string[]): Promise<string[]> {
  const all = await s.containers('web')
  return Promise.all(all.map(async ({ Id }) => (await s.engine.exec(Id, command)).output.trim()))
}

async function begun(s: Scene): Promise<void> {
  await s.gantry('up --detach')
  await s.eventually(
    () => inBoth(s, 'ls', '/d/ready'),
    ready => ready.every(text => text === '/d/ready'),
  )
}

scenario('cp brings files, directories and links out of a container, which need not run', 'copy', async s => {
  await begun(s)
  const { stderr } = await s.gantry('cp web:/d/sub/file ./new')
  expect(stderr).toContain(`${s.project}-web-1 Copying ${s.project}-web-1:/d/sub/file to ./new`)
  expect(stderr).toContain(`${s.project}-web-1 Copied ${s.project}-web-1:/d/sub/file to ./new`)
  expect(await readFile(join(s.folder, 'new'), 'utf8')).toBe('text\n')
  expect((await lstat(join(s.folder, 'new'))).mode & 0o777).toBe(0o640)
  await s.gantry('stop --timeout 0')
  await s.gantry('cp web:/d .')
  expect(await readFile(join(s.folder, 'd/sub/file'), 'utf8')).toBe('text\n')
  expect(await readlink(join(s.folder, 'd/link'))).toBe('sub/file')
  await s.gantry('cp web:/d/. ./content')
  expect(await readlink(join(s.folder, 'content/link'))).toBe('sub/file')
  await s.gantry('cp --follow-link web:/d/link .')
  expect(await readFile(join(s.folder, 'link'), 'utf8')).toBe('text\n')
  // At the end of a link here, where nothing is yet.
  await symlink('far', join(s.folder, 'near'))
  await s.gantry('cp --index 2 web:/d/sub/file near')
  expect(await readFile(join(s.folder, 'far'), 'utf8')).toBe('text\n')
})

scenario('cp brings files into every container of a service, or into one', 'copy', async s => {
  await begun(s)
  await writeFile(join(s.folder, 'note'), 'from here')
  await s.gantry('cp note web:/d/note')
  expect(await inBoth(s, 'cat', '/d/note')).toEqual(['from here', 'from here'])
  await s.gantry('cp --index 2 ./note web:/d/sub')
  expect(await inBoth(s, 'ls', '/d/sub')).toEqual(['file', 'file\nnote'])
  await writeFile(join(s.folder, 'big'), Buffer.alloc(3_000_000, 7))
  await s.gantry('cp . web:/all')
  expect(await inBoth(s, 'sh', '-c', 'cat /all/note; wc -c < /all/big')).toEqual(Array(2).fill('from here3000000'))
})

scenario('cp gives and takes tar archives, and what it refuses it names', 'copy', async s => {
  await begun(s)
  const copied = s.start('cp web:/d/sub -')
  const { stdout } = await copied.ended
  expect(stdout.slice(0, 4)).toBe('sub/')
  await s.gantry('cp --index 1 - web:/tmp', { stdin: stdout })
  expect(await inBoth(s, 'sh', '-c', 'cat /tmp/sub/file; true')).toEqual(['text', expect.stringContaining('No such')])
  for (const [line, words] of [
    ['cp a b', 'unknown copy direction'],
    ['cp web:/a web:/b', 'copying between services is not supported'],
    ['cp nosuch:/x .', 'no container found for service "nosuch"'],
    ['cp --index 3 web:/d .', 'service "web" is not running container #3'],
    ['cp web:/nosuch .', 'Error response from daemon: Could not find the file /nosuch in container'],
    ['cp ./nosuch web:/x', `lstat ${s.folder}/nosuch: no such file or directory`],
    ['cp web:/d nosuch/new', 'invalid output path: directory'],
    ['cp web:/d compose.yaml', 'cannot copy directory'],
    ['cp web:/d/ready new/', 'no such directory'],
    ['cp - web:/d', '2 containers of "web" cannot share one standard input'],
    ['cp --index 1 - web:/d/ready', 'must be a directory'],
  ] as const)
    expect((await s.gantry(line, { exit: 1 })).stderr, line).toContain(words)
})
