import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { memory } from '../../src/load/files.ts'
import { load } from '../../src/load/load.ts'
import { linuxPath, withPlatformPaths } from '../../src/load/platform-paths.ts'

describe('COMPOSE_CONVERT_WINDOWS_PATHS', () => {
  test.each([
    ['C:\\a\\b', '/c/a/b'],
    ['d:/x', '/d/x'],
    ['/a', '/a'],
    ['C:x', 'C:x'],
  ])('%s is %s', (path, expected) => expect(linuxPath(path)).toBe(expected))

  test.each([
    [true, '/c/a'],
    [false, 'C:\\a'],
  ])('has an effect where Windows is %s', async (windows, expected) => {
    const { project } = await load({
      cwd: '/srv/p',
      env: { COMPOSE_CONVERT_WINDOWS_PATHS: '1' },
      filesystem: memory({ '/srv/p/compose.yaml': "services: {a: {image: x, volumes: ['C:\\a:/x']}}" }),
    })
    const { services } = withPlatformPaths(project, { windows, real: path => path })
    expect(services['a']?.volumes?.[0]?.source).toBe(expected)
  })
})

describe('a project behind a link', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gantry-link-')))
  mkdirSync(join(folder, 'real/src'), { recursive: true })
  symlinkSync(join(folder, 'real'), join(folder, 'link'))
  const watch = '{watch: [{path: src/new, action: rebuild}]}'
  writeFileSync(join(folder, 'real/compose.yaml'), `services: {a: {build: ., develop: ${watch}}}`)

  test('is named for the link, which is told', async () => {
    const { project, problems } = await load({ cwd: join(folder, 'link'), env: {} })
    expect(project.name).toBe('link')
    expect(problems.map(p => p.message)).toEqual([
      'project has been loaded without an explicit name from a symlink: using name "link", not "real"',
    ])
  })

  test('with a name is told nothing', async () => {
    expect((await load({ cwd: join(folder, 'link'), env: {}, project_name: 'p' })).problems).toEqual([])
  })

  test('is watched where the link leads', async () => {
    const { project } = await load({ cwd: join(folder, 'link'), env: {} })
    expect(project.services['a']?.develop?.watch?.[0]?.path).toBe(join(folder, 'real/src/new'))
  })
})
