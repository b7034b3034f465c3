import { tar } from '../../base/tar.ts'
import { isEngineError } from '../errors.ts'
import type { LiveEngine, PathStat } from '../live.ts'
import { time } from './answers.ts'
import { type Docker, orUndefined, told, toldEach } from './docker.ts'

/** What Go's FileMode says beside the permissions. */
const DIRECTORY = 2 ** 31
const LINK = 2 ** 27
const TYPE = 0x8f280000

export function files(docker: Docker) {
  const { modem } = docker
  const at = (id: string, what: string) => `/containers/${encodeURIComponent(id)}/${what}`
  const stat = async (id: string, path: string): Promise<PathStat | undefined> => {
    // No body comes with a HEAD, nor the engine's words with its 404.
    const call = { method: 'HEAD', path: at(id, 'archive'), query: { path } } as const
    const answer = await orUndefined(told(modem.stream(call)))
    answer?.resume()
    const told64 = answer?.headers['x-docker-container-path-stat']
    return typeof told64 === 'string' ? pathStat(told64) : undefined
  }
  return {
    async getArchive(id, path, { signal } = {}) {
      const call = { method: 'GET', path: at(id, 'archive'), query: { path }, ...(signal && { signal }) } as const
      return toldEach<Uint8Array>((await told(modem.flow(call), signal)).bytes, signal)
    },

    statPath: stat,

    // Docker unpacks by taking away what is in an entry's way, and only then looks at what the entry is: one of an unknown type is
    // refused with nothing made. Seen with 20.10.24 and 28.5.2; Podman looks first, so whether it worked is looked at, too.
    async removePath(id, path, { signal } = {}) {
      if (!(await stat(id, path))) return 'absent'
      const archive = tar([{ type: 'unknown', path: path.replace(/^\/+/, ''), mode: 0 }])
      const call = { method: 'PUT', path: at(id, 'archive'), query: { path: '/' }, tar: archive } as const
      try {
        await told(modem.ask({ ...call, ...(signal && { signal }) }), signal)
      } catch (error) {
        if (!isEngineError(error) || isEngineError(error, 'unreachable', 'cancelled', 'not-found')) throw error
      }
      return (await stat(id, path)) ? 'refused' : 'removed'
    },

    async exportContainer(id, { signal } = {}) {
      const call = { method: 'GET', path: at(id, 'export'), ...(signal && { signal }) } as const
      return toldEach<Uint8Array>((await told(modem.flow(call), signal)).bytes, signal)
    },
  } satisfies Partial<LiveEngine>
}

/** The header: JSON in base64. */
export function pathStat(header: string): PathStat {
  const { name, size, mode, mtime, linkTarget } = JSON.parse(Buffer.from(header, 'base64').toString()) as {
    readonly name: string
    readonly size: number
    readonly mode: number
    readonly mtime: string
    readonly linkTarget: string
  }
  return {
    name,
    size,
    kind: mode >= DIRECTORY ? 'directory' : mode & LINK ? 'link' : mode & TYPE ? 'other' : 'file',
    mode: mode & 0o777,
    modified: time(mtime),
    target: linkTarget,
  }
}
