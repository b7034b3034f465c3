import type { Event, ProgressEvent } from '../actions/event.ts'
import type { StepEvent } from '../plan/execute.ts'
import type { Unit } from '../plan/plan.ts'
import { clean } from './clean.ts'

/** What there is to tell of one thing, with the words that docker compose's users and tools know. */
export interface Told {
  /** "Container shop-web-1" */
  readonly id: string
  readonly unit?: Unit
  readonly status: 'Working' | 'Done' | 'Warning' | 'Error'
  /** "Creating" */
  readonly text: string
  readonly details?: string
  readonly op?: string
  readonly elapsed?: number
  /** A layer of a pull. */
  readonly part?: string
  readonly current?: number
  readonly total?: number
}

/** Turns events into words. It remembers from the plan which containers are replaced, since their steps are told as one. */
export function narrator(): (event: Event) => Told | undefined {
  const replaced = new Set<string>()
  const waiting = waits()
  return event => {
    switch (event.type) {
      case 'plan':
        waiting.forget()
        for (const { outline } of event.stages)
          for (const { unit, verdict } of outline.changes)
            if (verdict === 'replace' || verdict === 'rebuild') replaced.add(unit.name)
        return undefined
      case 'step':
        if (event.op === 'wait' && waiting.isOld(event)) return undefined
        return toldStep(event, replaced.has(event.unit.name))
      case 'progress':
        return toldProgress(event)
      case 'problem':
      case 'build':
      case 'build-failed':
      case 'log':
      case 'status':
      case 'following':
      case 'container-failed':
      case 'finding':
      case 'watched':
      case 'watch-enabled':
        return undefined
      case 'stopping':
        return { id: 'Compose', status: 'Working', text: 'Stopping', details: stoppingText(event.because) }
    }
  }
}

/** Waits for one container are one to whoever reads: it begins with the first, and what was seen once is not told again. */
function waits() {
  const seen = new Map<string, Set<string>>()
  return {
    /** A new plan: whatever was seen may have ended since. */
    forget: () => seen.clear(),
    isOld({ unit, state, condition }: StepEvent): boolean {
      const ends = seen.get(unit.name)
      if (state === 'started') {
        if (!ends) seen.set(unit.name, new Set())
        return ends !== undefined
      }
      const end = state === 'done' ? seenAt(condition) : state
      if (!ends || ends.has(end)) return ends !== undefined
      ends.add(end)
      return false
    },
  }
}

/** Begun and done, per step. A step that is not here is a detail of another and is told only when it fails. */
const words: Readonly<Record<string, readonly [begun: string, done: string]>> = {
  'pull-image': ['Pulling', 'Pulled'],
  'pull-model': ['Pulling', 'Pulled'],
  'call-provider': ['Asking its provider', 'Provided'],
  'push-image': ['Pushing', 'Pushed'],
  'build-image': ['Building', 'Built'],
  'remove-image': ['Removing', 'Removed'],
  'create-network': ['Creating', 'Created'],
  'remove-network': ['Removing', 'Removed'],
  'create-volume': ['Creating', 'Created'],
  'remove-volume': ['Removing', 'Removed'],
  'create-container': ['Creating', 'Created'],
  'start-container': ['Starting', 'Started'],
  'stop-container': ['Stopping', 'Stopped'],
  'kill-container': ['Killing', 'Killed'],
  'restart-container': ['Restarting', 'Started'],
  'pause-container': ['Pausing', 'Paused'],
  'unpause-container': ['Unpausing', 'Unpaused'],
  'remove-container': ['Removing', 'Removed'],
  'update-container': ['Updating', 'Updated'],
  'connect-network': ['Connecting', 'Connected'],
  copy: ['Copying', 'Copied'],
  wait: ['Waiting', 'Healthy'],
  publish: ['Publishing', 'Published'],
  // No step of a plan: what is left as it is.
  keep: ['', 'Running'],
  skip: ['', 'Skipped'],
}

/** What a wait has seen in the end. */
const seenAt = (condition: string | undefined) =>
  condition === 'service_completed_successfully' ? 'Exited' : words.wait![1]

const ofReplaced: typeof words = {
  'create-container': ['Recreate', 'Recreated'],
  'start-container': ['Starting', 'Started'],
  wait: ['Waiting', 'Healthy'],
}

function toldStep(event: StepEvent, isReplaced: boolean): Told | undefined {
  const { unit, op, state, message, kept, elapsed } = event
  const [begun, usual] = wordsOf(event, isReplaced)
  const done = op === 'wait' ? usual && seenAt(event.condition) : usual
  // docker compose's words for it bear the bare name of a service.
  const id = op === 'skip' && unit.kind === 'service' ? clean(unit.name) : idOf(unit)
  const about = { id, unit, op, ...(elapsed !== undefined && { elapsed }) }
  const detailed = message === undefined ? {} : { details: clean(message) }
  switch (state) {
    case 'started':
      return begun === undefined ? undefined : { ...about, status: 'Working', text: begun, ...detailed }
    case 'done':
      if (kept !== undefined) return { ...about, status: 'Warning', text: kept }
      return done === undefined ? undefined : { ...about, status: 'Done', text: done, ...detailed }
    case 'failed':
      if (message === 'cancelled' || message === 'interrupted')
        return { ...about, status: 'Warning', text: 'Interrupted' }
      return { ...about, status: 'Error', text: 'Error', details: clean(message ?? `${op} failed`) }
    case 'skipped':
      return undefined
  }
}

/** That what has started runs is looked at once, and is worth a word only where it does not. */
function wordsOf({ op, unit, condition }: StepEvent, isReplaced: boolean): readonly [string, string] | readonly [] {
  if (op === 'wait' && condition === 'running') return []
  return (isReplaced && unit.kind === 'container' ? ofReplaced : words)[op] ?? []
}

function toldProgress({ unit, part, text, current, total }: ProgressEvent): Told | undefined {
  const line = clean(text).trim()
  if (line === '') return undefined
  return {
    id: part ?? idOf(unit),
    unit,
    status: 'Working',
    text: line,
    ...(part !== undefined && { part }),
    ...(current !== undefined && { current }),
    ...(total !== undefined && { total }),
  }
}

export const idOf = ({ kind, name }: Unit): string => `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)} ${clean(name)}`

/** What docker compose says when an attached `up` begins to stop. */
export const stoppingText = (because: 'interrupted' | 'container-exit'): string =>
  because === 'interrupted' ? 'Gracefully Stopping... press Ctrl+C again to force' : 'Aborting on container exit...'
