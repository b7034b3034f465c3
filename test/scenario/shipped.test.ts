import { execFile } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { scenario } from '../kit/scenario.ts'

const run = promisify(execFile)

scenario(
  'the command as it is shipped needs nothing beside it, and keeps its code cache to itself',
  'up-detached',
  async s => {
    const dist = join(s.folder, 'dist')
    await run(process.execPath, ['build/build.ts', dist])
    const cache = join(s.folder, 'cache')
    const shipped = { main: join(dist, 'gantry.cjs'), env: { XDG_CACHE_HOME: cache } }
    const compiled = async (file: string) => {
      const [folder] = await readdir(join(cache, 'gantry'))
      return (await stat(join(cache, 'gantry', folder!, `${file}.jsc`))).size
    }
    await s.gantry('version', shipped)
    const ofVersion = await compiled('start.cjs')
    for (let time = 0; time < 2; time++) {
      expect((await s.gantry('version', shipped)).stdout).toMatch(/\d+\.\d+\.\d+/)
      expect((await s.gantry('--help', shipped)).stdout).toContain('Usage')
      expect((await s.gantry('config --services', shipped)).stdout.split('\n').toSorted()).toEqual(['', 'db', 'web'])
      expect((await s.gantry('up --detach', shipped)).stderr).not.toContain('Warning:')
      expect(await s.states()).toEqual(['db-1 running', 'web-1 running'])
      expect((await s.gantry('ps', shipped)).stdout).toContain('web-1')
      await s.gantry('cp web:/etc/hostname copied', shipped)
      expect((await readFile(join(s.folder, 'copied'), 'utf8')).trim()).toHaveLength(12)
      await s.gantry('down', shipped)
      expect(await s.containers()).toEqual([])
    }
    const [folder] = await readdir(join(cache, 'gantry'))
    expect((await stat(join(cache, 'gantry', folder!))).mode & 0o777).toBe(0o700)
    expect((await readdir(join(cache, 'gantry', folder!))).filter(name => !/\.(jsc|seen)$/.test(name))).toEqual([])
    // What one command compiled is not all that the next ones run.
    expect(await compiled('start.cjs')).toBeGreaterThan(ofVersion)
  },
)

scenario('a missing --env-file is told by us, wherever it stands on the line', 'up-detached', async s => {
  const dist = join(s.folder, 'dist')
  await run(process.execPath, ['build/build.ts', dist])
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, HOME: s.folder }
  for (const line of ['--env-file nosuch.env config', 'config --env-file=nosuch.env']) {
    const ended = await run(join(dist, 'gantry.cjs'), line.split(' '), { cwd: s.folder, env }).then(
      () => expect.unreachable('it ended well'),
      (error: { code: number; stderr: string }) => error,
    )
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('nosuch.env')])
    expect(ended.stderr).not.toMatch(/node/)
  }
})
