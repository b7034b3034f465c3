import { setTimeout as sleep } from 'node:timers/promises'
import type { VolumeDetail } from '../../engine/engine.ts'
import { isEngineError } from '../../engine/errors.ts'
import { OUR_LABEL } from '../../model/names.ts'
import type { Problem } from '../../text/problem.ts'
import { beating, beatOf, forgetBeat } from './heartbeat.ts'
import { created, dropped, type Keeping, ownerOf, removed } from './owned-volume.ts'
import { forget, isAlive, type Owner, oneself, ownerIn } from './owner.ts'

export interface ClaimOptions {
  /** What is about to be done: "up". */
  readonly verb: string
  /** Ends waiting. */
  readonly signal: AbortSignal
  /** Told for whom one waits, and that an engine cannot keep claims. */
  readonly tell: (problem: Problem) => void
  /** What was seen of other claims: what dead owners have left of these is removed. */
  readonly seen?: readonly VolumeDetail[]
  readonly pace?: Partial<Pace>
}

/** Milliseconds. */
export interface Pace {
  /** Between two looks at whether it is one's turn, at most. */
  readonly again: number
  /** Between two looks at whether a claim that one has is still there. */
  readonly look: number
  /** Between two signs of life. */
  readonly beat: number
  /** After so long without a sign of life an owner is given up. */
  readonly silence: number
  /** For how long an engine that is away is told again that the claim is over. */
  readonly patience: number
}

export interface Claim {
  /** Aborts with the signal that was given, and when another command took the claim for dead. */
  readonly signal: AbortSignal
  /** How it was come by: at once, after waiting for somebody, or from one that died at work. */
  readonly from: 'nobody' | 'another' | 'the dead'
  release(): Promise<void>
  /** Ends it as if this command had died at work: whoever comes next finds that something may be under way. */
  leave(): Promise<void>
}

const usual: Pace = { again: 150, look: 1000, beat: 10_000, silence: 30_000, patience: 5000 }

/** Whether a volume stands for a command that is no more. */
export function isLeftBehind({ labels }: VolumeDetail): boolean {
  const owner = ownerIn(labels[OUR_LABEL.owner])
  return owner !== undefined && isAlive(owner) === false
}

const lockName = (project: string) => `gantry-lock-${project}`
/** Held by whoever removes what a dead owner left, so that nobody removes what has come in its place. */
const gateName = ({ token }: Owner) => `gantry-gate-${token}`

/**
 * Makes this command the only one that changes a project, on whatever machine, and waits for its turn. What stands for it
 * is a volume: of all things it is the only one that every engine makes once, by name, and hands to whoever asks for it again
 * with the labels of the first. An owner whose process is gone is given up at once where that can be seen, elsewhere
 * when it has shown no life for a while.
 */
export async function claim(engine: Keeping, project: string, options: ClaimOptions): Promise<Claim> {
  const { verb, signal, tell, seen = [] } = options
  const pace = { ...usual, ...options.pace }
  const me = oneself(verb)
  const name = lockName(project)
  const lost = new AbortController()
  let told = false
  let from: Claim['from']
  const waiting = (owner: Owner) => {
    if (told) return
    told = true
    const far = owner.place !== me.place
    const whose = `another "${owner.verb}" (process ${owner.pid}${far ? ` on ${owner.host}` : ''})`
    const message = `waiting for ${whose} to end, which changes project "${project}"`
    const hint = `should it be dead, this goes on ${pace.silence / 1000} s after its last sign of life`
    tell({ code: 'waiting-for-another', severity: 'info', message, ...(far && { hint }) })
  }
  try {
    from = await take(engine, name, { me, project, pace, signal, waiting })
    for (const left of seen.filter(isLeftBehind)) if (left.name !== name) await removed(engine, left.name)
  } catch (error) {
    await letGo(engine, name, me, { ...pace, patience: 0 })
    if (signal.aborted) throw signal.reason
    if (!isEngineError(error) || error.reason === 'unreachable') throw error
    const message = `other commands are not kept from changing project "${project}" at the same time: ${error.message}`
    tell({ code: 'not-claimed', severity: 'warning', message })
    return { signal, from: 'another', release: async () => {}, leave: async () => {} }
  }
  const heart = beating(engine, name, { me, project, look: pace.look, beat: pace.beat }, lost)
  return {
    signal: AbortSignal.any([signal, lost.signal]),
    from,
    async release() {
      await heart.stop()
      await letGo(engine, name, me, pace)
    },
    async leave() {
      await heart.stop()
      forget(me)
    },
  }
}

interface Taking {
  readonly me: Owner
  readonly project: string
  readonly pace: Pace
  readonly signal: AbortSignal
  readonly waiting: (owner: Owner) => void
}

/** Resolves once the volume of that name is ours. */
async function take(engine: Keeping, name: string, options: Taking): Promise<Claim['from']> {
  const { me, project, pace, signal, waiting } = options
  let from: Claim['from'] = 'nobody'
  let seen: { readonly token: string; readonly life: string; readonly since: number; readonly at: number } | undefined
  for (let pause = 1; ; pause = Math.min(pause * 2, pace.again)) {
    signal.throwIfAborted()
    const owner = (seen && (await ownerOf(engine, name))) ?? (await created(engine, name, me, project))
    if (owner?.token === me.token) return from
    if (from === 'nobody') from = 'another'
    if (!owner) continue
    const alive = isAlive(owner)
    if (alive !== false) {
      waiting(owner)
      const now = performance.now()
      const before = seen?.token === owner.token ? seen : undefined
      if (before && now - before.at <= pace.silence / 6) seen = before
      else {
        const life = await beatOf(engine, owner)
        seen = { token: owner.token, life, since: before?.life === life ? before.since : now, at: now }
      }
      if (now - seen.since < pace.silence) {
        await sleep(pause * (0.5 + Math.random()), undefined, { signal })
        continue
      }
    }
    await clear(engine, name, owner, options)
    from = 'the dead'
    seen = undefined
    pause = 1
  }
}

/** Removes what a dead owner has left. Whoever comes second finds that it is gone, or another's. */
async function clear(engine: Keeping, name: string, dead: Owner, options: Taking): Promise<void> {
  const { me } = options
  const gate = gateName(dead)
  await take(engine, gate, { ...options, waiting: () => {} })
  try {
    await forgetBeat(engine, dead)
    await dropped(engine, name, dead)
  } finally {
    await dropped(engine, gate, me)
  }
}

/** Ends the claim, if it is still ours. What cannot be told to the engine is found out by the next command. */
async function letGo(engine: Keeping, name: string, me: Owner, { patience }: Pace): Promise<void> {
  const until = performance.now() + patience
  for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
    try {
      await dropped(engine, name, me)
      return forget(me)
    } catch (error) {
      if (!isEngineError(error, 'unreachable') || performance.now() + pause > until) return forget(me)
      await sleep(pause)
    }
  }
}
