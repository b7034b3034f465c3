import { readdir, readFile, stat } from 'node:fs/promises'
import { type KnownFacts, probeKey } from '../../diagnose/diagnose.ts'
import type { Facts, FileFact, Listening, Probe, Route } from '../../diagnose/scene.ts'
import { isEngineError } from '../../engine/errors.ts'
import type { LiveEngine } from '../../engine/live.ts'
import { fileHead } from './file-head.ts'

export type ProbeEngine = Pick<
  LiveEngine,
  'getArchive' | 'statPath' | 'exec' | 'inspectContainer' | 'inspectVolume' | 'info'
>

/** Finds out what diagnoses asked for, all at once. What cannot be found out is told as `unknown`: nobody asks for it twice. */
export async function probe(wanted: readonly Probe[], engine: ProbeEngine, signal: AbortSignal): Promise<KnownFacts> {
  const facts = await Promise.all(wanted.map(async one => [probeKey(one), await factOf(one, engine, signal)] as const))
  return new Map(facts)
}

async function factOf(
  wanted: Probe,
  engine: ProbeEngine,
  signal: AbortSignal,
): Promise<Facts[Probe['what']] | 'unknown'> {
  try {
    switch (wanted.what) {
      case 'file':
        return await file(wanted.container, wanted.path, engine, signal)
      case 'sockets':
        return {
          listening: listening(
            await inside(wanted.container, ['cat', '/proc/net/tcp', '/proc/net/tcp6'], engine, signal),
          ),
        }
      case 'oom-kills':
        return oomKills(await inside(wanted.container, ['cat', ...oomFiles], engine, signal))
      case 'inside':
        return { output: await inside(wanted.container, wanted.command, engine, signal) }
      case 'volume': {
        const created = (await engine.inspectVolume(wanted.volume))?.created
        return created === undefined ? 'unknown' : { created }
      }
      case 'routes':
        return engine.info.where.startsWith('unix:') ? await routes() : 'unknown'
      case 'host-path':
        return await hostPath(wanted.path)
    }
  } catch (error) {
    if (isEngineError(error)) return 'unknown'
    throw error
  }
}

async function file(container: string, path: string, engine: ProbeEngine, signal: AbortSignal): Promise<FileFact> {
  const there = await engine.statPath(container, path)
  if (!there) return { kind: 'none', mode: 0, uid: 0, head: '' }
  const { mode } = there
  if (there.kind === 'directory') return { kind: 'directory', mode, uid: 0, head: '' }
  const { uid, head } = await fileHead(await engine.getArchive(container, path, { signal }))
  return { kind: there.kind === 'file' ? 'file' : 'other', mode, uid, head }
}

/** What a command prints in a container; `cat` is in nearly every image that has a shell. */
async function inside(
  container: string,
  command: readonly string[],
  engine: ProbeEngine,
  signal: AbortSignal,
): Promise<string> {
  const pieces: Uint8Array[] = []
  await engine.exec(container, { command }, { signal, onOutput: ({ bytes }) => void pieces.push(bytes) })
  return Buffer.concat(pieces).toString('utf8')
}

/** Where the kernel counts: cgroup v1, and v2. */
const oomFiles = ['/sys/fs/cgroup/memory/memory.oom_control', '/sys/fs/cgroup/memory.events']

const oomKills = (text: string): number => Number(/^oom_kill (\d+)/m.exec(text)?.[1] ?? 0)

/** Lines of /proc/net/tcp and tcp6 in state 0A. Addresses are words in the machine's order of bytes (proc_pid_net(5)). */
export function listening(text: string): readonly Listening[] {
  return [...text.matchAll(/^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ 0A /gm)].map(([, address, port]) => ({
    address: addressOf(address!),
    port: Number.parseInt(port!, 16),
  }))
}

function addressOf(hex: string): string {
  const bytes = (word: string) => [...Buffer.from(word, 'hex')].toReversed()
  if (hex.length === 8) return bytes(hex).join('.')
  if (/^0+$/.test(hex)) return '::'
  if (/^0{16}FFFF0000/.test(hex)) return bytes(hex.slice(24)).join('.')
  if (/^0{24}01000000$/.test(hex)) return '::1'
  return hex.toLowerCase()
}

/** Routes of this machine but the one for everything else; none where it does not tell them so. */
export async function routes(): Promise<readonly Route[]> {
  return routesOf(await readFile('/proc/net/route', 'utf8').catch(() => ''))
}

/** Lines of /proc/net/route: device, destination and mask as words in the machine's order of bytes (proc_pid_net(5)). */
export function routesOf(text: string): readonly Route[] {
  return [...text.matchAll(/^(\S+)\t([0-9A-F]{8})\t(?:\S+\t){5}([0-9A-F]{8})\t/gm)].flatMap(([, device, to, mask]) => {
    const bits = [...Number.parseInt(mask!, 16).toString(2)].filter(bit => bit === '1').length
    return bits === 0 ? [] : [{ subnet: `${addressOf(to!)}/${bits}`, device: device! }]
  })
}

async function hostPath(path: string): Promise<Facts['host-path']> {
  const none = { kind: 'none', uid: 0, mode: 0, empty: true } as const
  const found = await stat(path).catch(() => undefined)
  if (!found) return none
  const { uid, mode, size } = found
  const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other'
  const empty = kind === 'directory' ? (await readdir(path).catch(() => [''])).length === 0 : size === 0
  return { kind, uid, mode: mode & 0o7777, empty }
}
