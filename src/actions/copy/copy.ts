import type { Cancel } from '../../engine/engine.ts'
import { EngineError } from '../../engine/errors.ts'
import type { LiveEngine } from '../../engine/live.ts'
import { userError } from '../../text/problem.ts'
import type { Emit } from '../event.ts'
import { type Member, membersOf } from '../members.ts'
import { nearest } from '../one.ts'
import { wouldDo } from '../would.ts'
import { type Copied, divided, type Landing, landing, normal, renamed } from './landing.ts'
import { localDestination, localSource, refusedHere } from './local-path.ts'
import { pack } from './pack.ts'
import { unpack } from './unpack.ts'

export interface CopyOptions {
  readonly engine: Pick<LiveEngine, 'listContainers' | 'getArchive' | 'putArchive' | 'statPath'>
  readonly emit: Emit
  readonly signal: AbortSignal
  /** What local paths are relative to. */
  readonly cwd: string
  /** The archive for "-" as source. */
  readonly stdin: () => AsyncIterable<Uint8Array>
  /** Takes the archive for "-" as destination; its promise is waited for. */
  readonly stdout: (bytes: Uint8Array) => Promise<void> | void
  /** This container of the service; without it the first, and into containers all. */
  readonly index?: number
  /** Also containers of `run`. */
  readonly all?: boolean
  /** Files belong to whom they belong where they come from. */
  readonly archive?: boolean
  /** Copy what a link leads to. */
  readonly followLink?: boolean
  readonly dryRun?: boolean
}

/** Copies files out of a container, or into those of a service; "-" is a tar archive. They need not run. Throws UserError, EngineError. */
export async function copy(project: string, from: string, to: string, options: CopyOptions): Promise<void> {
  const { emit, signal, dryRun = false } = options
  const [source, destination] = [place(from), place(to)]
  if (source.service !== undefined && destination.service !== undefined)
    throw userError(
      'copy-between',
      'copying between services is not supported',
      'copy to "-" and from "-" with a pipe between',
    )
  const service = source.service ?? destination.service
  if (service === undefined)
    throw userError('copy-nowhere', 'unknown copy direction', 'one of the two has to be SERVICE:PATH')
  const outwards = source.service !== undefined
  const found = await containers(project, service, options)
  const chosen = outwards ? found.slice(0, 1) : found
  if (source.path === '-' && !outwards && chosen.length > 1)
    throw userError(
      'copy-shared',
      `${chosen.length} containers of "${service}" cannot share one standard input`,
      'name one of them with --index',
    )
  const failures = await Promise.all(
    chosen.map(async ({ id, name }, i) => {
      const unit = { kind: 'container', name, short: name } as const
      const about = outwards ? `${name}:${source.path} to ${to}` : `${from} to ${name}:${destination.path}`
      if (dryRun) return wouldDo(emit, unit, 'copy', [{ code: 'copied', to: about }])
      const step = { type: 'step', id: i, unit, op: 'copy' } as const
      emit({ ...step, state: 'started', message: about })
      try {
        if (outwards) await outOf(id, source.path, destination.path, options)
        else await into({ id, name }, source.path, destination.path, options)
        emit({ ...step, state: 'done', message: about })
        return undefined
      } catch (error) {
        signal.throwIfAborted()
        // The only one's is told as the command's.
        const message = chosen.length > 1 && error instanceof Error ? error.message : ''
        emit({ ...step, state: 'failed', message })
        return { error }
      }
    }),
  )
  const failed = failures.find(failure => failure !== undefined)
  if (failed) throw failed.error
}

/** `web:/etc/hosts` is in a container, `./web:odd` and `/etc/hosts` are here, and `C:\x` where drives have letters. */
function place(text: string): { readonly service?: string; readonly path: string } {
  const colon = text.indexOf(':')
  const drive = process.platform === 'win32' && /^[A-Za-z]:[\\/]/.test(text)
  const here = colon < 0 || text.startsWith('/') || text.startsWith('.') || drive
  return here || colon === 0 ? { path: text } : { service: text.slice(0, colon), path: text.slice(colon + 1) }
}

async function containers(
  project: string,
  service: string,
  { engine, index, all = false }: CopyOptions,
): Promise<readonly Member[]> {
  const everybody = await membersOf(engine, project)
  const members = everybody.filter(m => m.service === service)
  if (index !== undefined && index > 0) {
    const one = members.find(m => m.number === index)
    if (one) return [one]
    throw userError('not-running', `service "${service}" is not running container #${index}`)
  }
  const chosen = members
    .filter(m => all || !m.oneoff)
    .toSorted((a, b) => Number(a.oneoff) - Number(b.oneoff) || a.number - b.number)
  if (chosen.length > 0) return chosen
  throw userError('no-container', `no container found for service "${service}"`, nearest(service, everybody))
}

async function outOf(id: string, path: string, to: string, options: CopyOptions): Promise<void> {
  const { engine, signal, cwd, stdout, archive: owners = false, emit } = options
  const { read, name } = await target(id, path, options)
  const [destination, stat] = await Promise.all([
    to === '-' ? undefined : localDestination(to, cwd),
    lookedAt(engine, id, read),
  ])
  if (!destination) {
    for await (const bytes of await engine.getArchive(id, read, { signal })) await stdout(bytes)
    return
  }
  const top = divided(read)[1]
  const source: Copied = { path: read, directory: stat?.kind === 'directory', name: top }
  // The engine says best what is not there, so it is asked for it.
  const lands: Landing = stat ? landing(source, destination) : { directory: destination.path }
  const rename = lands.rename ?? (name !== undefined && name !== top ? { from: top, to: name } : undefined)
  const root = process.getuid?.() === 0
  await refusedHere(async () =>
    unpack(await engine.getArchive(id, read, { signal }), lands.directory, {
      rename: entry => (rename ? renamed(entry, rename) : entry),
      // Nobody else may give files away.
      owners: owners && root,
      warn: (code, message) => emit({ type: 'problem', problem: { code, severity: 'warning', message } }),
      signal,
    }),
  )
}

/** What is to be read, and what it is to be called where that is something else. */
async function target(
  id: string,
  path: string,
  { engine, followLink = false }: CopyOptions,
): Promise<{ readonly read: string; readonly name?: string }> {
  const stat = followLink ? await lookedAt(engine, id, path) : undefined
  if (stat?.kind !== 'link') return { read: path }
  const read = stat.target.startsWith('/') ? stat.target : normal(`${divided(path)[0]}/${stat.target}`)
  return { read, name: divided(path)[1] }
}

async function into(
  { id, name }: { readonly id: string; readonly name: string },
  from: string,
  to: string,
  options: CopyOptions,
) {
  const { engine, signal, cwd, stdin, archive = false, followLink = false, emit } = options
  const destination = await inContainer(id, name, to, options)
  const put = (directory: string, tar: AsyncIterable<Uint8Array>) => {
    const wishes: { readonly owner?: boolean } & Cancel = { signal, ...(archive && { owner: true }) }
    return engine.putArchive(id, directory, tar, wishes)
  }
  if (from === '-') {
    if (!destination.directory)
      throw userError(
        'copy-blocked',
        `destination "${name}:${to}" must be a directory`,
        'an archive is unpacked into it',
      )
    return put(destination.path, stdin())
  }
  const source = await localSource(from, cwd, followLink)
  const { directory, rename } = landing(source, destination)
  let broken: unknown
  const warn = (path: string, kind: string) => {
    const message = `"${path}" is a ${kind} and was not copied`
    emit({ type: 'problem', problem: { code: 'not-copied', severity: 'warning', message } })
  }
  const archived = pack(source.path, { name: rename?.to ?? source.name ?? divided(source.path)[1], warn })
  const watched = async function* () {
    try {
      yield* archived
    } catch (error) {
      broken = error
      throw error
    }
  }
  await refusedHere(() =>
    put(directory, watched()).catch((error: unknown) => {
      // What broke the archive says more than what became of the call.
      throw broken ?? error
    }),
  )
}

/** What is at a path of a container, at the end of a link where it is one. */
async function inContainer(id: string, name: string, to: string, { engine }: CopyOptions) {
  let path = to
  let stat = await lookedAt(engine, id, path)
  if (stat?.kind === 'link') {
    path = stat.target.startsWith('/') ? stat.target : normal(`${divided(path)[0]}/${stat.target}`)
    stat = await lookedAt(engine, id, path)
  }
  if (stat?.kind === 'other')
    throw userError('copy-blocked', `destination "${name}:${to}" must be a directory or a regular file`)
  return { path, exists: stat !== undefined, directory: stat?.kind === 'directory' }
}

/** An engine that refuses to look does so without a word (a HEAD has none); what is asked of it next is refused with one. */
async function lookedAt(engine: CopyOptions['engine'], id: string, path: string) {
  return engine.statPath(id, path).catch((error: unknown) => {
    if (error instanceof EngineError && error.status !== undefined) return undefined
    throw error
  })
}
