import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { scenario } from '../kit/scenario.ts'

const FILES = ['/run/secrets/from_file', '/run/secrets/from_env', '/etc/from_file', '/etc/inline', '/etc/from_env']
const word = (WORD: string) => ({ env: { WORD } })

scenario('owner and mode hold for secrets and configs of files, content and environment', 'content', async s => {
  await s.gantry('up --detach', word('one'))
  expect((await s.inside('web', 'stat', '-c', '%u:%g %a', ...FILES)).split('\n')).toEqual([
    '1001:1002 400',
    '1001:1002 440',
    '1003:1004 640',
    '1003:1004 600',
    '1003:1004 444',
  ])
  expect((await s.inside('web', 'cat', ...FILES, '/etc/plain')).split('\n')).toEqual([
    'hidden',
    'oneshown',
    'first lineonemounted',
  ])
  await s.gantry('plan', { exit: 0, ...word('one') })
})

scenario(
  'what changes in a file, in inline content, in the environment or in an env file is applied',
  'content',
  async s => {
    await s.gantry('up --detach', word('one'))
    await writeFile(join(s.folder, 'secret'), 'hidden better\n')
    await writeFile(join(s.folder, 'config'), 'shown better\n')
    await writeFile(join(s.folder, 'plain'), 'mounted better\n')
    await writeFile(join(s.folder, 'web.env'), 'LEVEL=debug\n')
    await s.edit('compose.yaml', 'first line', 'second line')
    const { stdout } = await s.gantry('plan', { exit: 2, ...word('two') })
    for (const path of [
      'secrets.from_file',
      'secrets.from_env',
      'configs.from_file',
      'configs.inline',
      'configs.from_env',
      'configs.plain',
    ])
      expect(stdout).toContain(`${path} `)
    expect(stdout).toContain('environment.LEVEL "info" -> "debug"')
    expect(stdout).not.toContain('hidden')
    await s.gantry('up --detach', word('two'))
    expect((await s.inside('web', 'cat', ...FILES, '/etc/plain')).split('\n')).toEqual([
      'hidden better',
      'twoshown better',
      'second linetwomounted better',
    ])
    await s.gantry('plan', { exit: 0, ...word('two') })
  },
)
