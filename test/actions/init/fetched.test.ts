import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isPlace, templateAt } from '../../../src/actions/init/fetched.ts'
import { artifactRegistry } from '../../kit/artifact-registry.ts'
import { artifact, envFile } from '../../kit/compose-artifact.ts'
import { aFolder } from '../../kit/folder.ts'

const compose = { 'compose.yaml': 'services: {}\n' }

async function filesOf(place: string, cwd: string) {
  const { files } = await templateAt(place, { env: { HOME: aFolder() }, cwd })
  return [...files].map(([path, { executable }]) => `${path}${executable ? ' *' : ''}`)
}

function repository(files: Readonly<Record<string, string>>): string {
  const folder = aFolder(files)
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { stdio: 'ignore' })
  git('init', '--quiet', '--initial-branch', 'main')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'one')
  return `file://${folder}/.git`
}

test('a place has a "/" in it, or is one of the dots; all else is a name', () => {
  const places = ['./a', '../a', '/a', 'a/b', '.', '..', '~/a', 'oci://a/b', 'https://a/b.git#main:c', 'git@a:b.git']
  expect(places.filter(place => !isPlace(place))).toEqual([])
  expect(['node', 'my-template'].filter(isPlace)).toEqual([])
})

describe('a folder', () => {
  test('gives all its files, without records of repositories and fetched packages', async () => {
    const folder = aFolder({ ...compose, 'a/b.sh': '', '.env.example': '', '.git/config': '', 'a/node_modules/x': '' })
    execFileSync('chmod', ['+x', join(folder, 'a/b.sh')])
    expect(await filesOf(folder, '/')).toEqual(['.env.example', 'a/b.sh *', 'compose.yaml'])
  })

  test('with a link in it is refused: that could lead anywhere', async () => {
    const folder = aFolder(compose)
    symlinkSync('/etc/passwd', join(folder, 'passwd'))
    await expect(filesOf(folder, '/')).rejects.toThrow('"passwd" of the template is a link')
  })

  test('of far too many files is refused', async () => {
    const folder = aFolder()
    mkdirSync(join(folder, 'a'))
    execFileSync('sh', ['-c', 'i=0; while [ $i -lt 2001 ]; do : >"$i"; i=$((i+1)); done'], { cwd: join(folder, 'a') })
    expect(readdirSync(join(folder, 'a'))).toHaveLength(2001)
    await expect(filesOf(folder, '/')).rejects.toThrow('has more than 2000 files')
  })
})

describe('a git repository', () => {
  test('gives the files of a branch, or of a directory in it', async () => {
    const url = repository({
      'templates/shop/compose.yaml': 'services: {}\n',
      'templates/shop/src/a.js': '',
      'README.md': '',
    })
    expect(await filesOf(url, '/')).toEqual(['README.md', 'templates/shop/compose.yaml', 'templates/shop/src/a.js'])
    expect(await filesOf(`${url}#main:templates/shop`, '/')).toEqual(['compose.yaml', 'src/a.js'])
  })

  test('without that directory, or that branch, is told', async () => {
    const url = repository(compose)
    await expect(filesOf(`${url}#main:nothing`, '/')).rejects.toThrow('is no directory at commit')
    await expect(filesOf(`${url}#other`, '/')).rejects.toThrow('has no branch or tag "other"')
  })

  test('written without .git is told how to write it', async () => {
    await expect(filesOf('https://github.com/a/b', '/')).rejects.toThrow('is neither a git repository nor an artifact')
  })
})

test('an artifact gives the Compose file and the env files that it holds', async () => {
  const registry = await artifactRegistry()
  registry.publish('1', artifact(['services: {}\n', envFile('web.env', 'A=1')]))
  expect(await filesOf(`oci://${registry.host}/shop:1`, '/')).toEqual(['compose.yaml', 'web.env'])
})
