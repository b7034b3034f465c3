import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LiveEngine } from '../../engine/live.ts'
import type { Problem } from '../../text/problem.ts'
import type { Emit, WatchEvent } from '../event.ts'
import { type Member, membersOf } from '../members.ts'
import type { Placed } from './looking.ts'
import { ownerOf } from './owner.ts'
import type { Rule } from './rules.ts'
import { type Manifest, type Receiver, type Sent, send } from './sending.ts'

/** What one container has got since watching began. A container that is made anew is another one, and has got nothing. */
interface Copy extends Pick<Receiver, 'owner' | 'mounts'> {
  readonly manifest: Manifest
}

export interface Syncer {
  /** Brings the containers of a rule's service to what the host has at these paths. */
  send(rule: Rule, paths: readonly string[]): Promise<WatchEvent[]>
  /** Sends all files of rules. */
  whole(rules: readonly Rule[]): Promise<void>
  /** The rules that hold from now on. */
  follow(rules: readonly Rule[]): void
  /** Gives containers of a service, or all, what was sent to others before and they have not got. */
  catchUp(service: string | undefined): Promise<void>
}

export function syncer(engine: LiveEngine, project: string, emit: Emit, signal: AbortSignal): Syncer {
  const copies = new Map<string, Copy>()
  /** Every path that has changed since watching began: what a container that comes later has missed. */
  const changed = new Set<string>()
  let current: readonly Rule[] = []
  /** Services without a container, which is told once. */
  const lonely = new Set<string>()

  const copyOf = async (id: string): Promise<Copy> => {
    const known = copies.get(id)
    if (known) return known
    const { spec, mounts } = await engine.inspectContainer(id)
    const owner = await ownerOf(engine, { id, user: spec.user })
    const copy = { manifest: new Map<string, string>(), owner, mounts: mounts.map(mount => mount.target) }
    copies.set(id, copy)
    return copy
  }

  const sendTo = async ({ id, summary }: Member, placed: readonly Placed[]): Promise<Sent> => {
    const { manifest, ...copy } = await copyOf(id)
    return send(engine, { id, ...copy, running: summary.state === 'running' }, placed, manifest, signal)
  }

  const sendAll = async (rule: Rule, paths: readonly string[]): Promise<WatchEvent[]> => {
    const began = performance.now()
    const members = (await membersOf(engine, project)).filter(m => m.service === rule.service && !m.oneoff)
    if (members.length === 0) {
      if (!lonely.has(rule.service)) emit({ type: 'problem', problem: nowhere(rule.service) })
      lonely.add(rule.service)
      return []
    }
    lonely.delete(rule.service)
    const placed = paths.map(from => ({ from, to: rule.inContainer(from), isRoot: from === rule.path }))
    const sent = await Promise.all(members.map(member => sendTo(member, placed)))
    for (const [i, { undeleted }] of sent.entries())
      if (undeleted !== undefined) emit({ type: 'problem', problem: staying(members[i]!.name, undeleted) })
    for (const { path, why } of sent[0]?.unread ?? []) emit({ type: 'problem', problem: unread(path, why) })
    const most = sent.reduce<Sent>((a, b) => (b.files + b.deleted > a.files + a.deleted ? b : a), {
      files: 0,
      deleted: 0,
      bytes: 0,
    })
    if (most.files + most.deleted === 0) return []
    const { files, deleted, bytes, byRm } = most
    const what = { files, deleted, bytes, ...(byRm && { byRm }) }
    return [{ type: 'watched', service: rule.service, did: 'sync', ...what, elapsed: performance.now() - began }]
  }

  return {
    send(rule, paths) {
      for (const path of paths) changed.add(path)
      return sendAll(rule, paths)
    },
    async whole(rules) {
      for (const rule of rules) for (const event of await sendAll(rule, await filesOf(rule))) emit(event)
    },
    follow(rules) {
      current = rules.filter(rule => rule.action.startsWith('sync'))
    },
    async catchUp(service) {
      for (const rule of current.filter(rule => service === undefined || rule.service === service)) {
        const missed = [...(rule.initial ? await filesOf(rule) : []), ...changed].filter(path => rule.wants(path))
        if (missed.length === 0) continue
        for (const told of await sendAll(rule, missed).catch(() => [])) emit(told)
      }
    },
  }
}

const nowhere = (service: string): Problem => ({
  code: 'watch-no-container',
  severity: 'warning',
  message: `service "${service}" has no container: nothing is sent`,
  hint: `"gantry up --detach ${service}" makes one, which gets all that has changed`,
})

/** Told once for a container, as warnings are. */
const staying = (container: string, why: string): Problem => ({
  code: 'watch-not-deleted',
  severity: 'warning',
  message: `files that are gone from here stay in ${container}: ${why}`,
  hint: 'rebuild or recreate it to be rid of them',
})

const unread = (path: string, why: string): Problem => ({
  code: 'watch-unread',
  severity: 'warning',
  message: `"${path}" cannot be read: ${why}`,
  hint: 'the container keeps what it has; the file is sent once it can be read and changes again',
})

/** All that a rule wants, directories before what they hold. */
export async function filesOf(rule: Rule): Promise<readonly string[]> {
  const found: string[] = []
  const into = async (directory: string): Promise<void> => {
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const path = join(directory, entry.name)
      if (rule.wants(path)) found.push(path)
      if (entry.isDirectory() && rule.reaches(path)) await into(path)
    }
  }
  const stats = await stat(rule.path).catch(() => undefined)
  // What is not here yet is nothing that has gone.
  if (!stats) return []
  if (!stats.isDirectory()) return rule.wants(rule.path) ? [rule.path] : []
  await into(rule.path)
  return found
}
