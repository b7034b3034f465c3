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
  return {
    async getArchive(id, path, { signal } = {}) {
      const call = { method: 'GET', path: at(id, 'archive'), query: { path }, ...(signal && { signal }) } as const
      return toldEach<Uint8Array>(await told(modem.stream(call), signal), signal)
    },

    async statPath(id, path) {
      // No body comes with a HEAD, nor the engine's words with its 404.
      const call = { method: 'HEAD', path: at(id, 'archive'), query: { path } } as const
      const answer = await orUndefined(told(modem.stream(call)))
      answer?.resume()
      const told64 = answer?.headers['x-docker-container-path-stat']
      return typeof told64 === 'string' ? pathStat(told64) : undefined
    },

    async exportContainer(id, { signal } = {}) {
      const call = { method: 'GET', path: at(id, 'export'), ...(signal && { signal }) } as const
      return toldEach<Uint8Array>(await told(modem.stream(call), signal), signal)
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
