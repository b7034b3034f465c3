import { basename, dirname, join, relative } from 'node:path'
import { type Locked, lockText, readLock } from '../../load/lock-file.ts'
import { isInside } from '../../load/remote/inside.ts'
import { cacheFolder } from '../../load/remote/kept.ts'
import { foreignImages, withImages } from '../../local/images/pinned.ts'
import type { Project } from '../../model/project.ts'
import { select } from '../../model/select.ts'
import type { Change, Reason } from '../../plan/plan.ts'
import type { Origin } from '../../text/origin.ts'
import { type Problem, UserError, userError } from '../../text/problem.ts'
import type { Emit } from '../event.ts'
import { writeFile } from '../write-file.ts'
import { type DigestOptions, imageDigests } from './digests.ts'

/** Where a project's lock lies, and how it is called. */
export interface LockPlace {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly origin: Origin
}

export interface LockOptions extends LockPlace, Pick<DigestOptions, 'registry'> {
  readonly emit: Emit
  /** Only their images are looked up anew; all without it. */
  readonly services?: readonly string[]
  /** Look up nothing that is locked already, only what is new. */
  readonly keep?: boolean
  readonly dryRun?: boolean
}

/** Writes down which image each name stands for now, beside the first compose file. Throws UserError. Gives what has changed. */
export async function lock(project: Project, options: LockOptions): Promise<readonly Change[]> {
  const { emit, services = [], keep = false, dryRun = false } = options
  const { path, name } = placeOf(project, options)
  const before = readLock(path, name) ?? new Map<string, Locked>()
  const chosen = select(project, { services, noDeps: true })
  const fresh = new Set(foreignImages(chosen).map(({ image }) => image))
  const digests = await imageDigests(project, {
    ...options,
    report: problem => emit({ type: 'problem', problem }),
    known: image => (keep || !fresh.has(image) ? before.get(image)?.digest : undefined),
  })
  const date = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  const now = new Map(
    [...digests].map(([image, digest]) => {
      const old = before.get(image)
      return [image, old?.digest === digest ? old : { image, digest, date }] as const
    }),
  )
  const changes = differences(before, now)
  emit({ type: 'plan', stages: [{ name: 'change', outline: { changes, steps: [] } }] })
  if (!dryRun && (changes.length > 0 || before.size === 0)) writeFile(path, name, lockText(now.values()))
  return changes
}

/** Whether the lock fits the files, asking no registry. Throws UserError where it does not. */
export function checkLock(project: Project, place: LockPlace): void {
  const { path, name } = placeOf(project, place)
  const lock = required(path, name)
  const wanted = lockable(project)
  const known = new Set(wanted.map(({ image }) => image))
  const problems: Problem[] = [
    ...missing(project, lock, name, place.origin),
    ...[...lock.keys()]
      .filter(image => !known.has(image) && !foreignImages(project).some(foreign => foreign.image === image))
      .map(image => ({
        code: 'lock-unused',
        severity: 'error' as const,
        message: `"${name}" has image "${image}", which no service runs`,
        hint: 'write it anew: gantry lock',
      })),
  ]
  if (problems.length > 0) throw new UserError(problems)
}

/** The project with the images that the lock names. Throws UserError where there is no lock, or it does not know an image. */
export function locked(project: Project, place: LockPlace): Project {
  const { path, name } = placeOf(project, place)
  const lock = required(path, name)
  const problems = missing(project, lock, name, place.origin)
  if (problems.length > 0) throw new UserError(problems)
  return withImages(project, image => {
    const digest = lock.get(image)?.digest
    return digest === undefined ? undefined : `${image}@${digest}`
  })
}

/** What a lock must know: not what says itself which it is, nor what is built here. */
const lockable = (project: Project) =>
  foreignImages(project).filter(({ image, buildable }) => !image.includes('@') && !buildable)

function missing(project: Project, lock: ReadonlyMap<string, Locked>, name: string, origin: Origin): Problem[] {
  return lockable(project)
    .filter(({ image }) => !lock.has(image))
    .map(({ image, service, path }) => {
      const at = origin.at(path)
      return {
        code: 'not-locked',
        severity: 'error',
        message: `"${name}" does not know image "${image}" of service "${service}"`,
        hint: 'add it: gantry lock --keep',
        ...(at && { at }),
      }
    })
}

function required(path: string, name: string): ReadonlyMap<string, Locked> {
  const lock = readLock(path, name)
  if (lock) return lock
  throw userError('no-lock', `there is no "${name}"`, 'make it: gantry lock')
}

/** Beside the first compose file of this machine; in the project's directory, where all came through a pipe. */
function placeOf({ files, working_dir }: Project, { cwd, env, home }: LockPlace) {
  const cache = cacheFolder(env, home)
  const [first] = files.filter(file => file !== '-' && !isInside(file, cache))
  if (first === undefined && files.some(file => file !== '-'))
    throw userError(
      'remote-lock',
      'a project out of a registry or a repository has no lock file',
      'name it by its digest (oci://…@sha256:…) or its commit',
    )
  const path = join(first === undefined ? working_dir : dirname(first), 'gantry.lock')
  return { path, name: relative(cwd, path) || basename(path) }
}

function differences(before: ReadonlyMap<string, Locked>, now: ReadonlyMap<string, Locked>): readonly Change[] {
  const names = [...new Set([...before.keys(), ...now.keys()])].toSorted()
  return names.flatMap(image => {
    const [old, fresh] = [before.get(image)?.digest, now.get(image)?.digest]
    if (old === fresh) return []
    const why: Reason = {
      code: old === undefined ? 'new' : fresh === undefined ? 'unused' : 'changed',
      ...(fresh !== undefined && { path: 'digest', to: short(fresh) }),
      ...(old !== undefined && { from: short(old) }),
    }
    const verdict = fresh === undefined ? 'remove' : old === undefined ? 'create' : 'change'
    return [{ unit: { kind: 'image', name: image, short: image }, verdict, why: [why] }]
  })
}

const short = (digest: string) => digest.slice(0, 'sha256:'.length + 12)
