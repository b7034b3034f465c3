import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../../engine/engine.ts'
import { EngineError, isEngineError } from '../../engine/errors.ts'
import { OUR_LABEL } from '../../model/names.ts'
import { type Owner, ownerIn } from './owner.ts'

// A volume that says whose it is.

export type Keeping = Pick<Engine, 'createVolume' | 'inspectVolume' | 'removeVolume'>

export const labelsOf = (project: string, owner: Owner) => ({
  [OUR_LABEL.claimed]: project,
  [OUR_LABEL.owner]: JSON.stringify(owner),
})

/** Makes the volume where there is none, and says whose it is then; undefined where it has gone again. */
export async function created(
  engine: Keeping,
  name: string,
  me: Owner,
  project: string,
  tries = 3,
): Promise<Owner | undefined> {
  const refused = await engine.createVolume(name, { labels: labelsOf(project, me) }).then(
    () => undefined,
    (error: EngineError) => error,
  )
  if (refused?.reason === 'unreachable' || refused?.reason === 'cancelled') throw refused
  const owner = await ownerOf(engine, name)
  if (refused === undefined || owner) return owner
  // Podman fails to make what somebody else makes or removes at the same moment (4.3.1).
  const passing = refused.reason === 'failed' || refused.reason === 'conflict'
  if (!passing || tries === 1) throw refused
  await sleep(20)
  return created(engine, name, me, project, tries - 1)
}

/** Undefined where there is no such volume. Throws EngineError for one that says nothing of an owner. */
export async function ownerOf(engine: Keeping, name: string): Promise<Owner | undefined> {
  const volume = await engine.inspectVolume(name)
  if (!volume) return undefined
  const owner = ownerIn(volume.labels[OUR_LABEL.owner])
  if (!owner) throw new EngineError('failed', `volume "${name}" is somebody else's`)
  return owner
}

/** Removes what is that owner's and nobody else's. */
export async function dropped(engine: Keeping, name: string, { token }: Owner): Promise<void> {
  for (let tries = 3; (await ownerOf(engine, name))?.token === token; tries--) {
    try {
      return await removed(engine, name)
    } catch (error) {
      // Podman removes it and says that it could not, when somebody makes it anew at that moment (4.3.1).
      if (!isEngineError(error, 'failed', 'conflict') || tries === 1) throw error
      await sleep(20)
    }
  }
}

/** Removes a volume; one that is not there is removed already. */
export async function removed(engine: Keeping, name: string): Promise<void> {
  await engine.removeVolume(name).catch((error: unknown) => {
    if (!isEngineError(error, 'not-found')) throw error
  })
}
