import { homedir } from 'node:os'
import type { LockPlace } from '../actions/images/lock.ts'
import type { Loaded } from '../load/load.ts'
import type { App } from './app.ts'
import { flag } from './flag.ts'

/** For every command that makes containers. */
export const lockedFlag = {
  locked: flag.given('Run the very images that gantry.lock names (also GANTRY_LOCKED=true)'),
}

/** Where a project's lock lies. */
export function lockPlace(app: App, { origin }: Pick<Loaded, 'origin'>): LockPlace {
  return { cwd: app.cwd, env: app.env, home: homeOf(app), origin }
}

export const homeOf = (app: App): string => app.env['HOME'] ?? homedir()

/** The project with the images of its lock, where that is asked for. Throws UserError where the lock does not know them. */
export async function withLock(app: App, asked: boolean | undefined, loaded: Loaded): Promise<Loaded> {
  if (!(asked ?? (await app.enabled('GANTRY_LOCKED')))) return loaded
  const { locked } = await import('../actions/images/lock.ts')
  return { ...loaded, project: locked(loaded.project, lockPlace(app, loaded)) }
}
