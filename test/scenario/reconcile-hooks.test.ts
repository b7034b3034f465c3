import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { scenario } from '../kit/scenario.ts'

scenario(
  'hooks run before the first start, after each, and before a stop, as whom and where they say',
  'hooks',
  async s => {
    await s.gantry('up --detach')
    expect((await s.inside('web', 'cat', '/shared/pre')).split('\n')).toEqual(['0', 'own more', 'done'])
    await s.inside('web', 'ls', '/anonymous/seen', '/shared/post')
    expect(await s.states()).toEqual(['once-1 exited', 'web-1 running'])
    await s.gantry('stop web')
    await s.gantry('start web')
    await s.inside('web', 'ls', '/shared/stop')
  },
)

scenario('a hook that fails keeps its service from starting, and its container to be looked at', 'hooks', async s => {
  await s.edit('compose.yaml', "'echo done > /shared/once'", "'echo done > /shared/once; touch /shared/refuse'")
  const { stderr } = await s.gantry('up --detach', { exit: 1 })
  expect(stderr).toContain('service "web" pre_start[1] exited with code 1')
  expect(await s.states()).toEqual(expect.arrayContaining(['once-1 exited', 'web-1 created', 'web-pre_start-1 exited']))
  await s.edit('compose.yaml', '; touch /shared/refuse', '; rm /shared/refuse')
  await s.gantry('up --detach')
  expect(await s.states()).toEqual(['once-1 exited', 'web-1 running'])
})

scenario('what somebody depends on to end is run again by up, and done under --wait', 'hooks', async s => {
  await s.gantry('up --wait')
  const { State } = await s.container('once')
  expect([State.Status, State.ExitCode]).toEqual(['exited', 0])
  expect((await s.gantry('plan', { exit: 2 })).stdout).toMatch(/once-1\s+start\s/)
})

scenario(
  'hooks that a killed up has begun are gone on with, those it had not begun follow, and none runs twice',
  'hooks-interrupted',
  async s => {
    const log = () => readFile(join(s.folder, 'shared/log'), 'utf8')
    const killedOnce = async (line: string) => {
      const up = s.start('up --detach')
      await s.eventually(log, said => said.includes(line))
      up.signal('SIGKILL')
      await up.ended
    }
    await killedOnce('migrating')
    await writeFile(join(s.folder, 'shared/migrated'), '')
    await killedOnce('seeding')
    expect((await s.gantry('plan', { exit: 2 })).stdout).toMatch(/web-1\s+hook\s+post_start left undone/)
    const up = s.start('up --detach')
    await up.says('left undone')
    await writeFile(join(s.folder, 'shared/seeded'), '')
    expect((await up.ended).code).toBe(0)
    expect(await log()).toBe('migrating\nseeding\nseeded\nannounced\n')
    expect(await s.states()).toEqual(['web-1 running'])
    expect((await s.gantry('plan')).stdout).toContain('nothing to do')
  },
)
