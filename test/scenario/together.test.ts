import { join } from 'node:path'
import { expect } from 'vitest'
import { type Scene, scenario } from '../kit/scenario.ts'

const from = join('fixtures/scenario', 'up-detached')

/** Volumes that stand for a command at work on the project. */
async function claims(s: Scene): Promise<string[]> {
  const { Volumes } = (await s.engine.call('GET', '/volumes')) as {
    readonly Volumes: { readonly Name: string }[] | null
  }
  return (Volumes ?? []).map(({ Name }) => Name).filter(name => name === `gantry-lock-${s.project}`)
}

scenario(
  'ups at once all end well, wait for each other, and leave what one of them leaves',
  'together',
  async s => {
    const all = await Promise.all(Array.from({ length: 6 }, () => s.gantry('up --detach')))
    expect(await s.states()).toEqual(['db-1 running', 'web-1 running'])
    expect(await s.engine.networks(s.project)).toHaveLength(1)
    const waited = all.filter(({ stderr }) => /waiting for another "up" \(process \d+\) to end/.test(stderr))
    expect(waited.length).toBeGreaterThan(0)
    expect(all.filter(({ stderr }) => stderr.includes('web-1 Creat'))).toHaveLength(1)
    expect(await claims(s)).toEqual([])
    await s.gantry('plan', { exit: 0 })
  },
  { from },
)

scenario(
  'an up and a down at once end well, with everything or nothing',
  'up-against-down',
  async s => {
    await s.gantry('up --detach')
    await Promise.all([s.gantry('up --detach --force-recreate'), s.gantry('down')])
    const states = await s.states()
    expect([[], ['db-1 running', 'web-1 running']]).toContainEqual(states)
    if (states.length === 0) expect(await s.engine.networks(s.project)).toEqual([])
    expect(await claims(s)).toEqual([])
  },
  { from },
)

scenario(
  'a command that was killed at work keeps nobody waiting',
  'killed-at-work',
  async s => {
    const first = s.start('up --detach')
    await first.says(/Container \S+db-1 Creat/)
    first.signal('SIGKILL')
    await first.ended
    const { stderr } = await s.gantry('up --detach')
    expect(stderr).not.toContain('waiting for another')
    expect(await s.states()).toEqual(['db-1 running', 'web-1 running'])
    expect(await claims(s)).toEqual([])
  },
  { from },
)
