import { setTimeout as sleep } from 'node:timers/promises'
import type { ContainerSpec, Engine, Warned } from '../../engine/engine.ts'
import { isEngineError } from '../../engine/errors.ts'
import { LABEL } from '../../model/names.ts'

// A command that was killed is gone at once; the engine goes on with what it was asked for last, and nobody can see that.

/** Milliseconds in which it is over. */
const patience = 5000

/**
 * Makes a container. One that has come since we looked, which has not run and is no different, was being made for somebody who
 * was killed: it may lack a network, so it is made again.
 */
export async function createdAnew(
  engine: Pick<Engine, 'createContainer' | 'listContainers' | 'removeContainer'>,
  name: string,
  spec: ContainerSpec,
  options: Warned = {},
): Promise<void> {
  const { [LABEL.project]: project, [LABEL.config_hash]: hash } = spec.labels
  for (const until = performance.now() + patience; ; await sleep(20)) {
    const refused = await engine.createContainer(name, spec, options).then(
      () => undefined,
      (error: Error) => error,
    )
    if (refused === undefined) return
    if (!isEngineError(refused, 'conflict') || project === undefined) throw refused
    const holder = (await engine.listContainers({ all: true })).find(c => c.name === name)
    const { labels, state, id } = holder ?? {}
    const same = labels?.[LABEL.project] === project && labels[LABEL.config_hash] === hash && state === 'created'
    // While a container is being made, its name is taken and nobody is seen to have it.
    if ((holder && !same) || performance.now() > until) throw refused
    if (id !== undefined) await engine.removeContainer(id, { volumes: true }).catch(unlessGone)
  }
}

/** For an error that says that somebody else is removing the container: waits until it has gone. Throws any other, and one in vain. */
export async function goneWhereGoing(
  error: unknown,
  engine: Pick<Engine, 'inspectContainer'>,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  if (!isEngineError(error, 'conflict') || !/removal of container .* is already in progress/.test(error.message))
    throw error
  for (let pause = 20; ; pause = Math.min(pause * 2, 500)) {
    const there = await engine.inspectContainer(id).catch(unlessGone)
    if (!there) return
    if (there.state === 'dead') throw error
    await sleep(pause, undefined, { signal })
  }
}

function unlessGone(error: unknown): undefined {
  if (!isEngineError(error, 'not-found')) throw error
}
