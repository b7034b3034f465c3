import type { ContainerDetail } from '../engine/engine.ts'
import type { Service } from '../model/project.ts'
import type { Found } from './finding.ts'
import type { Ask, Scene, Subject } from './scene.ts'

/** One cause of trouble, as `gantry explain` and docs/errors.md tell it. */
export interface Cause {
  readonly code: string
  /** What has happened where this is told. */
  readonly cause: string
  /** What gives it away. */
  readonly evidence: string
  /** What to do about it. */
  readonly fix: string
  /** Codes of messages that tell of it where it is seen before anything runs. */
  readonly told?: readonly string[]
}

/** A cause that is recognised in a scene. */
export interface Diagnosis extends Cause {
  /** Told only where nothing more telling was found of the same container. */
  readonly general?: boolean
  /** A remark on something that works: it is no failure. */
  readonly severity?: 'warning' | 'info'
  readonly find: (subject: Subject, about: About) => Found | undefined
}

/** What a diagnosis may look at besides the subject itself. */
export interface About {
  readonly scene: Scene
  readonly ask: Ask
  /** The service as it is declared, where a file is at hand. */
  readonly declared: Service | undefined
}

/** A container that started and ended by itself or was ended. */
export function ended({ container }: Subject): ContainerDetail | undefined {
  if (!container || container.startedAt === 0) return undefined
  return container.state === 'exited' || container.state === 'dead' || container.state === 'restarting'
    ? container
    : undefined
}

export const exitCodeOf = ({ exitCode }: ContainerDetail) => ({ field: 'State.ExitCode', value: String(exitCode) })

/** The last line of a log that a pattern fits, and what it found. */
export function lastLine(log: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  for (const line of log.toReversed()) {
    const found = pattern.exec(line)
    if (found) return found
  }
  return undefined
}

/** As "env" of busybox and of GNU say that they do not find an interpreter. */
export const envSays = /^\S*env: (?:can't execute )?['‘]([^'’]+)['’]: No such file or directory/

/** What it printed last, as evidence. */
export function lastWords({ log }: Subject): Found['evidence'] {
  const found = lastLine(log, /\S.*/)
  return found ? [{ field: 'last line', value: found[0] }] : []
}

/** What happened since its last start, that included. */
export function sinceStart({ events }: Subject): Subject['events'] {
  const start = events.findLastIndex(event => event.action === 'start')
  return start < 0 ? events : events.slice(start)
}
