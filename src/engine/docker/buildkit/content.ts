import { message, opening, read } from '../../../base/protobuf.ts'
import type { BlobStore } from '../../build.ts'
import { type Asked, CallFailed, CODE } from './grpc.ts'

/** Stores by the ids under which BuildKit names them in a call's header. */
type Stores = Readonly<Record<string, BlobStore>>

/** Pieces of this size are sent. */
const PIECE = 65_536

/**
 * The calls by which BuildKit reads and adds contents of stores here: those of OCI layouts and of caches of type "local".
 * Source: api/services/content/v1/content.proto of containerd, session/content of moby/buildkit.
 */
export const CONTENT: Readonly<Record<string, (asked: Asked, stores: Stores) => Promise<void>>> = {
  '/containerd.services.content.v1.Content/Info': async (asked, stores) => {
    const digest = (await requestOf(asked)).text(1)
    const size = await sizeOf(digest, storeOf(asked, stores))
    const info = message([
      [1, digest],
      [2, size],
    ])
    await asked.send(message([[1, info]]))
  },
  '/containerd.services.content.v1.Content/Read': async (asked, stores) => {
    const request = await requestOf(asked)
    const [digest, offset, wanted] = [request.text(1), request.number(2), request.number(3)]
    const store = storeOf(asked, stores)
    const rest = (await sizeOf(digest, store)) - offset
    if (rest < 0) throw new CallFailed(CODE.outOfRange, `${digest} is no longer than ${rest + offset}`)
    const range = { offset, length: wanted > 0 ? Math.min(wanted, rest) : rest }
    let at = offset
    for await (const bytes of store.read(digest, range, Buffer.allocUnsafeSlow(PIECE))) {
      await asked.sendWith(Buffer.concat([message([[1, at]]), opening(2, bytes.length)]), bytes)
      at += bytes.length
    }
  },
  '/containerd.services.content.v1.Content/Write': (asked, stores) => write(asked, storeOf(asked, stores)),
  // What was broken off is begun anew, and leaves nothing.
  '/containerd.services.content.v1.Content/Status': async asked => {
    throw new CallFailed(CODE.notFound, `nothing is being written as ${(await requestOf(asked)).text(1)}`)
  },
  '/containerd.services.content.v1.Content/ListStatuses': async asked => {
    await requestOf(asked)
    await asked.send(message([]))
  },
  '/containerd.services.content.v1.Content/Abort': async asked => {
    await requestOf(asked)
    await asked.send(message([]))
  },
}

const ACTION = { stat: 0, write: 1, commit: 2 } as const

async function write(asked: Asked, store: BlobStore): Promise<void> {
  const draft = await store.add()
  let [offset, total, expected] = [0, 0, '']
  try {
    for await (const bytes of asked.messages) {
      const request = read(bytes)
      const action = request.number(1)
      if (request.has(3)) total = request.number(3)
      if (request.has(4)) expected = request.text(4)
      if (expected !== '' && (await store.size(expected)) !== undefined)
        throw new CallFailed(CODE.alreadyExists, `${expected} is there`)
      const data = request.bytes(6)
      if (data.length > 0) {
        if (request.number(5) !== offset) throw new CallFailed(CODE.outOfRange, `the offset is ${offset}`)
        await draft.write(data)
        offset += data.length
      }
      if (action !== ACTION.commit) {
        await asked.send(answerOf(action, offset, total))
        continue
      }
      if (total > 0 && total !== offset)
        throw new CallFailed(CODE.failedPrecondition, `${offset} bytes came, and not ${total}`)
      const digest = await draft.keep(expected || undefined)
      if (digest === undefined) throw new CallFailed(CODE.failedPrecondition, `what came is not ${expected}`)
      await asked.send(answerOf(action, offset, total, digest))
    }
  } finally {
    await draft.close()
  }
}

function answerOf(action: number, offset: number, total: number, digest?: string): Uint8Array {
  return message([
    [1, action],
    [4, offset],
    [5, total],
    [6, digest],
  ])
}

async function requestOf(asked: Asked) {
  let request: Buffer = Buffer.alloc(0)
  // To the end: a stream that is left while it is read cannot be answered any more.
  for await (const bytes of asked.messages) request = bytes
  return read(request)
}

async function sizeOf(digest: string, store: BlobStore): Promise<number> {
  const size = await store.size(digest)
  if (size === undefined) throw new CallFailed(CODE.notFound, `there is no ${digest}`)
  return size
}

function storeOf(asked: Asked, stores: Stores): BlobStore {
  const id = asked.header('buildkit-attachable-store-id')[0] ?? ''
  const store = Object.hasOwn(stores, id) ? stores[id] : undefined
  if (!store) throw new CallFailed(CODE.notFound, `there is no store "${id}"`)
  return store
}
