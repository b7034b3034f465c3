import { expect, inject } from 'vitest'
import { missingForOwnEngine, ownEngine } from '../kit/own-engine.ts'
import { type Running, type Scene, scenario } from '../kit/scenario.ts'

const missing = missingForOwnEngine()
const needs = missing === undefined ? {} : { missing }

/** The last number that a command has told of what the containers count. */
const ticks = (command: Running) =>
  Number(
    command
      .output()
      .match(/tick (\d+)/g)
      ?.at(-1)
      ?.slice(5) ?? -1,
  )

async function goesOn(s: Scene, command: Running): Promise<void> {
  const before = ticks(command)
  await s.eventually(
    async () => ticks(command),
    // A container that is started again counts from the start.
    seen => seen < before || seen > before + 5,
  )
}

interface Restart {
  readonly signal: 'SIGKILL' | 'SIGTERM'
  readonly env: Readonly<Record<string, string>>
}

async function withOwnEngine(s: Scene) {
  const own = await ownEngine(s.host, inject('images').busybox)
  s.afterwards(own.end)
  return { own, env: { DOCKER_HOST: own.host } }
}

scenario(
  'an engine that is killed, or ends in order, and is back after a while is waited for by all that follow it',
  'restart',
  async s => {
    const { own, env } = await withOwnEngine(s)
    await s.gantry('--project-name ticking up --detach', { env })
    const logs = s.start('--project-name ticking logs --follow', { env })
    const events = s.start('--project-name ticking events', { env })
    const attached = s.start('--project-name attached up', { env })
    await Promise.all([logs.says('tick 3'), attached.says('tick 3')])
    await own.restart('SIGKILL', 3000)
    await Promise.all([goesOn(s, logs), goesOn(s, attached)])
    await own.restart('SIGTERM', 1000)
    await Promise.all([goesOn(s, logs), goesOn(s, attached)])
    await s.gantry('--project-name ticking kill --signal CONT', { env })
    await events.says('container kill')
    for (const command of [logs, events, attached]) command.signal('SIGINT')
    for (const command of [logs, events, attached]) expect((await command.ended).code).toBe(130)
  },
  needs,
)

/** An engine that ends in good order may do all before it does, or refuse what it is asked for last. */
async function completed(s: Scene, line: string, command: Running, { signal, env }: Restart) {
  const { code, stderr } = await command.ended
  if (code === 0) {
    if (signal === 'SIGKILL') expect(stderr).toContain('it may be restarting')
    return
  }
  expect(stderr).toContain('run again to go on')
  await s.gantry(line, { env })
}

for (const signal of ['SIGKILL', 'SIGTERM'] as const)
  scenario(
    `an up and a down go on when the engine is back after three seconds, or say what is left to do (${signal})`,
    'restart',
    async s => {
      const { own, env } = await withOwnEngine(s)
      const up = s.start('--file chain.yaml up --detach', { env })
      await up.says('one-1 Started')
      await own.restart(signal, 3000)
      await completed(s, '--file chain.yaml up --detach', up, { signal, env })
      expect((await s.gantry('ps --quiet', { env })).stdout.trim().split('\n')).toHaveLength(4)
      const down = s.start('--file chain.yaml down', { env })
      await down.says('four-1 Stopping')
      await own.restart(signal, 3000)
      await completed(s, '--file chain.yaml down', down, { signal, env })
      expect((await s.gantry('ps --all --quiet', { env })).stdout).toBe('')
    },
    needs,
  )
