import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { scenario } from '../kit/scenario.ts'

scenario('a provider tells variables to who depends on it, and another value replaces that', 'provider', async s => {
  const calls = async () => (await readFile(join(s.folder, 'calls'), 'utf8')).trim().split('\n')
  await s.gantry('up --detach')
  const first = await s.container('web')
  expect(first.Config.Env).toContain('DB_URL=tcp://one')
  await s.gantry('plan', { exit: 0 })
  expect(await calls()).toEqual([`compose --project-name=${s.project} up --size=small db`])
  await s.gantry('up --detach')
  expect((await s.container('web')).Id).toBe(first.Id)
  await writeFile(join(s.folder, 'url'), 'tcp://two')
  const { stderr } = await s.gantry('up --detach')
  expect(stderr).toMatch(/web-1\s+replace\s+environment\.DB_URL "tcp:\/\/one" -> "tcp:\/\/two"/)
  expect((await s.container('web')).Config.Env).toContain('DB_URL=tcp://two')
  await s.gantry('down')
  expect(await s.containers()).toEqual([])
  expect((await calls()).at(-1)).toBe(`compose --project-name=${s.project} down --size=small db`)
})

scenario(
  'a limit is changed in place, behind our back or in the file, in the unit that people write',
  'limits',
  async s => {
    await s.gantry('up --detach')
    const before = await s.container('web')
    await s.inside('web', 'test', '-e', '/tmp/hooked')
    await s.engine.call('POST', `/containers/${before.Id}/update`, { Memory: 64 * 2 ** 20, MemorySwap: 128 * 2 ** 20 })
    expect((await s.gantry('plan', { exit: 2 })).stdout).toMatch(/web-1\s+update\s+mem_limit drifted "64M" -> "32M"/)
    await s.gantry('up --detach')
    await s.edit('compose.yaml', '32M', '48M')
    expect((await s.gantry('plan', { exit: 2 })).stdout).toMatch(/mem_limit "32M" -> "48M"/)
    await s.gantry('up --detach')
    const after = await s.container('web')
    expect([after.Id, after.HostConfig.Memory]).toEqual([before.Id, 48 * 2 ** 20])
    await s.gantry('plan', { exit: 0 })
  },
)

scenario('a replacement that does not start leaves the old one able to, and says how', 'limits', async s => {
  await s.gantry('up --detach')
  const { Id } = await s.container('web')
  await s.edit('compose.yaml', 'sleep infinity', 'no-such-program')
  const { stderr } = await s.gantry('up --detach', { exit: 1 })
  expect(stderr).toMatch(/docker start \S+-web-1/)
  await s.engine.call('POST', `/containers/${Id}/start`)
  await s.edit('compose.yaml', 'no-such-program', 'sleep 1d')
  await s.gantry('up --detach')
  expect(await s.states()).toEqual(['web-1 running'])
  await s.gantry('plan', { exit: 0 })
})

scenario('an attached up shows what a hook prints among what its container says', 'limits', async s => {
  const up = s.start('up')
  await up.says(/web-1\s+\| hello from the hook/)
  up.signal('SIGINT')
  expect((await up.ended).code).toBe(130)
})
