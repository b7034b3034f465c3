import { EngineError } from '../../engine/errors.ts'
import { OUR_LABEL } from '../../model/names.ts'
import { created, type Keeping, labelsOf, ownerOf, removed } from './owned-volume.ts'
import type { Owner } from './owner.ts'

export interface Pulse {
  readonly me: Owner
  readonly project: string
  /** Milliseconds between two looks at whether the claim is there and ours. */
  readonly look: number
  /** Milliseconds between two signs of life. */
  readonly beat: number
}

const beatName = ({ token }: Owner) => `gantry-beat-${token}`

/** The last sign of life of an owner; another one than before means that it lives. */
export async function beatOf(engine: Keeping, owner: Owner): Promise<string> {
  return (await engine.inspectVolume(beatName(owner)))?.labels[OUR_LABEL.beat] ?? ''
}

/** What a dead owner has shown of its life goes with it. */
export const forgetBeat = (engine: Keeping, owner: Owner): Promise<void> => removed(engine, beatName(owner))

/**
 * Shows life until it is stopped, and finds out whether somebody else has the claim, which aborts `lost`: a machine may have
 * slept meanwhile, and `docker volume prune` removes what is in no container.
 */
export function beating(engine: Keeping, name: string, { me, project, look, beat }: Pulse, lost: AbortController) {
  let count = 0
  let shown = performance.now()
  let busy: Promise<void> | undefined
  const once = async () => {
    const owner = (await ownerOf(engine, name)) ?? (await created(engine, name, me, project))
    if (owner?.token !== me.token) {
      const message = 'another command took this one for dead, or found its claim removed, and changes the project'
      lost.abort(new EngineError('conflict', message))
      return
    }
    if (performance.now() - shown < beat) return
    shown = performance.now()
    if (count > 0) await forgetBeat(engine, me)
    count++
    await engine.createVolume(beatName(me), { labels: { ...labelsOf(project, me), [OUR_LABEL.beat]: String(count) } })
  }
  const timer = setInterval(
    () => {
      busy ??= once()
        // An engine that is away is noticed by those who work with it.
        .catch(() => {})
        .finally(() => {
          busy = undefined
        })
    },
    Math.min(look, beat),
  ).unref()
  return {
    async stop() {
      clearInterval(timer)
      await busy
      if (count > 0) await forgetBeat(engine, me).catch(() => {})
    },
  }
}
