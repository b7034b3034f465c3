import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { complete, scripts, written } from '../../src/cli/complete.ts'

const names = {
  services: async () => ['db', 'web', 'worker'],
  profiles: async () => ['debug', 'tools'],
  projects: async () => ['blog', 'shop'],
}
const completed = (...words: string[]) => complete(words, names)
const texts = async (...words: string[]) => (await completed(...words)).candidates.map(([text]) => text)

test('the first word is a command', async () => {
  expect(await texts('re')).toEqual(['restart'])
  expect(await texts('-f', 'compose.yaml', 'sto')).toEqual(['stop'])
  expect(await texts('help', 'sto')).toEqual(['stop'])
})

test('after a command come its services, each once', async () => {
  expect(await texts('logs', '--follow', 'w')).toEqual(['web', 'worker'])
  expect(await texts('logs', '--tail', '20', 'web', '')).toEqual(['db', 'worker'])
  expect(await texts('version', '')).toEqual([])
})

test('flags are those of the command and those of all commands', async () => {
  expect(await texts('up', '--no-re')).toEqual(['--no-recreate'])
  expect(await texts('up', '--proj')).toEqual(['--project-directory', '--project-name'])
})

test('old spellings are not offered', async () => {
  expect(await texts('ls', '--workd')).toEqual([])
})

test('after a flag come the words that it takes', async () => {
  expect(await texts('up', '--pull', 'a')).toEqual(['always'])
  expect(await texts('--progress', '')).toEqual(['auto', 'tty', 'plain', 'json', 'quiet'])
  expect(await texts('--progress=p')).toEqual(['--progress=plain'])
  expect(await texts('kill', '-s', 'SIGH')).toEqual(['SIGHUP'])
  expect(await texts('ps', '--status', 'r')).toEqual(['running', 'restarting', 'removing'])
})

test('services, profiles and projects stand where flags take them', async () => {
  expect(await texts('up', '--attach', 'w')).toEqual(['web', 'worker'])
  expect(await texts('--profile', '')).toEqual(['debug', 'tools'])
  expect(await texts('ps', '-p', 's')).toEqual(['shop'])
  expect(await completed('scale', 'd')).toEqual({ candidates: [['db=', 'service']], also: 'no-space' })
  expect(await texts('up', '--scale', 'we')).toEqual(['web='])
})

test('files and folders are the shell’s to find', async () => {
  expect((await completed('-f', '')).also).toBe('files')
  expect((await completed('--project-directory', '')).also).toBe('folders')
  expect((await completed('up', '')).also).toBe('nothing')
})

test('a path in a container goes on after its service', async () => {
  expect(await completed('cp', 'w')).toEqual({
    candidates: [
      ['web:', 'service'],
      ['worker:', 'service'],
    ],
    also: 'files-no-space',
  })
})

test('after the service of exec comes a command that nobody here knows', async () => {
  expect(await texts('exec', 'w')).toEqual(['web', 'worker'])
  expect(await texts('exec', 'web', 'w')).toEqual([])
})

test('words of a command that are few are offered', async () => {
  expect(await texts('completion', '')).toEqual(['bash', 'zsh', 'fish'])
})

test('what is written is what docker reads of its plugins', () => {
  const found = {
    candidates: [
      ['up', 'start'],
      ['x', ''],
    ],
    also: 'nothing',
  } as const
  expect([written(found, true), written(found, false)]).toEqual(['up\tstart\nx\n:4\n', 'up\nx\n:4\n'])
})

const shells = {
  bash: (line: string, program: string) => [
    `COMP_LINE=${JSON.stringify(line)} COMP_POINT=${line.length}`,
    `COMP_WORDS=(${line.replaceAll('=', ' = ')}${line.endsWith(' ') ? " ''" : ''}) COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))`,
    `_${program}; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  fish: (line: string) => [`complete --do-complete ${JSON.stringify(line)} | string split -f1 \\t`],
}

describe.each(['bash', 'fish'] as const)('%s', shell => {
  const there = spawnSync(shell, ['--version']).status === 0
  const folder = mkdtempSync(join(tmpdir(), 'gantry-complete-'))
  writeFileSync(
    join(folder, 'compose.yaml'),
    'services: {db: {image: x}, web: {image: x, profiles: [tools]}, worker: {image: x}}',
  )
  writeFileSync(join(folder, 'gantry'), `#!/bin/sh\nexec ${process.execPath} -- ${resolve('src/cli/main.ts')} "$@"\n`, {
    mode: 0o755,
  })

  function offered(line: string): string[] {
    const script = `${scripts[shell]('gantry')}\n${shells[shell](line, 'gantry').join('\n')}`
    const env = { PATH: `${folder}:/usr/bin:/bin`, HOME: folder }
    const { stdout } = spawnSync(shell, ['-c', script], { cwd: folder, env, encoding: 'utf8' })
    return stdout.split('\n').filter(Boolean).toSorted()
  }

  test.skipIf(!there)(
    `offers commands, services, profiles and words of flags (skipped where there is no ${shell})`,
    () => {
      expect(offered('gantry res')).toEqual(['restart'])
      expect(offered('gantry logs w')).toEqual(['web', 'worker'])
      expect(offered('gantry --profile to')).toEqual(['tools'])
      expect(offered('gantry --progress pl')).toEqual(['plain'])
      expect(offered('gantry --progress=pl')).toEqual([shell === 'bash' ? 'plain' : '--progress=plain'])
      expect(offered('gantry up --no-rec')).toEqual(['--no-recreate'])
    },
  )
})
