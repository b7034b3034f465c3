import { message, opening, read } from '../../../base/protobuf.ts'
import type { BuildFolder, FolderEntry } from '../../build.ts'
import { type Asked, CallFailed, CODE } from './grpc.ts'

/** A message of fsutil's protocol: its kind, an entry, an index, data. Source: types/wire.proto of tonistiigi/fsutil. */
const KIND = { entry: 0, request: 1, data: 2, end: 3 } as const

/** A file is sent in pieces of this size. */
const PIECE = 65_536
/** Files that are read at the same time. */
const READERS = 4

/**
 * A folder for BuildKit: first what there is, entry by entry; then the content of those that it asks for by their index,
 * which are the ones it does not have as they are. Nothing is held in memory but the paths.
 */
export async function sendFolder(asked: Asked, folder: BuildFolder): Promise<void> {
  const paths: string[] = []
  const send = (kind: number, ...rest: Parameters<typeof message>[0]) => asked.send(message([[1, kind], ...rest]))
  const list = async () => {
    for await (const entry of folder.entries(wantedOf(asked))) {
      paths.push(entry.path)
      await send(KIND.entry, [2, stat(entry)])
    }
    await send(KIND.entry)
  }
  const sendFile = async (index: number, memory: Uint8Array) => {
    const head = message([
      [1, KIND.data],
      [3, index],
    ])
    for await (const bytes of folder.read(paths[index] ?? '', memory))
      for (let at = 0; at < bytes.length; at += PIECE) {
        const piece = bytes.subarray(at, at + PIECE)
        await asked.sendWith(Buffer.concat([head, opening(4, piece.length)]), piece)
      }
    await send(KIND.data, [3, index])
  }
  const queue = taskQueue(READERS)
  const answer = async () => {
    for await (const bytes of asked.messages) {
      const packet = read(bytes)
      if (packet.number(1) === KIND.request) queue.add(memory => sendFile(packet.number(3), memory))
      else if (packet.number(1) === KIND.end) {
        await queue.idle()
        await send(KIND.end)
        return
      }
    }
    throw new CallFailed(CODE.cancelled, 'nobody listens')
  }
  await Promise.all([list(), answer(), queue.failed])
}

/** Go's os.FileMode, not the one of stat(2). */
const MODE = { file: 0, directory: 2 ** 31, symlink: 2 ** 27, fifo: 2 ** 25 } as const

function stat({ path, kind, mode, mtime, size, target }: FolderEntry): Buffer {
  const special = (mode & 0o4000 ? 2 ** 23 : 0) + (mode & 0o2000 ? 2 ** 22 : 0) + (mode & 0o1000 ? 2 ** 20 : 0)
  return message([
    [1, path],
    [2, MODE[kind] + special + (mode & 0o777)],
    [5, kind === 'file' ? size : 0],
    [6, BigInt(Math.floor(mtime)) * 1_000_000n],
    [7, target],
  ])
}

/** What is asked for, from the call's headers; values that are no plain text come as in a URL. */
function wantedOf(asked: Asked): Parameters<BuildFolder['entries']>[0] {
  const listed = (name: string) => {
    const values = asked.header(name)
    if (asked.header(`${name}-encoded`).length === 0) return values
    return values.map(value => decodeURIComponent(value.replaceAll('+', ' ')))
  }
  const [include, exclude, follow] = [listed('include-patterns'), listed('exclude-patterns'), listed('followpaths')]
  return {
    ...(include.length > 0 && { include }),
    ...(exclude.length > 0 && { exclude }),
    ...(follow.length > 0 && { follow }),
  }
}

/** Runs tasks, a few at a time, each with memory of its own. `failed` settles only when one fails or the queue is asked to become idle. */
function taskQueue(limit: number) {
  const waiting: ((memory: Uint8Array) => Promise<void>)[] = []
  const memories = Array.from({ length: limit }, () => Buffer.allocUnsafeSlow(PIECE))
  const failed = Promise.withResolvers<void>()
  const idle = Promise.withResolvers<void>()
  let running = 0
  let closing = false
  const next = () => {
    while (running < limit && waiting.length > 0) {
      running++
      const memory = memories.pop()!
      waiting.shift()!(memory).then(() => {
        running--
        memories.push(memory)
        next()
      }, failed.reject)
    }
    if (closing && running === 0) {
      idle.resolve()
      failed.resolve()
    }
  }
  return {
    failed: failed.promise,
    add(task: (memory: Uint8Array) => Promise<void>) {
      waiting.push(task)
      next()
    },
    idle() {
      closing = true
      next()
      return idle.promise
    },
  }
}
