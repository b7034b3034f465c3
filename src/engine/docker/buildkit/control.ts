import { entries, type Field, message, read } from '../../../base/protobuf.ts'
import type { BuildTold } from '../../build.ts'
import type { Docker } from '../docker.ts'
import { client } from './grpc.ts'
import { tracer } from './trace.ts'

/** What is asked of BuildKit's solver. Source: api/services/control/control.proto of moby/buildkit. */
export interface SolveRequest {
  /** The Dockerfile's frontend takes all but files and secrets as texts by name. */
  readonly attributes: Readonly<Record<string, string>>
  /** Names that the image is given. */
  readonly names: readonly string[]
  readonly entitlements: readonly string[]
  /** Definitions by name. */
  readonly inputs: Readonly<Record<string, Uint8Array>>
  readonly cacheImports: readonly Cache[]
  readonly cacheExports: readonly Cache[]
}

export interface Cache {
  readonly type: string
  readonly attributes: Readonly<Record<string, string>>
}

const CONTROL = '/moby.buildkit.v1.Control'
/** Source: frontend/gateway/pb/gateway.proto of moby/buildkit. */
const BRIDGE = '/moby.buildkit.v1.frontend.LLBBridge'

/** The whole control API of the engine's BuildKit, on a connection of its own. */
export async function openControl({ modem }: Docker, signal?: AbortSignal) {
  const call = { method: 'POST', path: '/grpc', headers: { Upgrade: 'h2c' }, ...(signal && { signal }) } as const
  const { socket } = await modem.hijack(call)
  const grpc = client(socket)
  return {
    /** Builds, and gives what the exporter says of the image. Throws CallFailed. */
    async solve(request: SolveRequest, session: string, onTold: (told: BuildTold) => void) {
      const id = crypto.randomUUID()
      const watching = new AbortController()
      let heard = false
      const watch = async () => {
        const tell = tracer(onTold)
        const status = grpc.call(`${CONTROL}/Status`, message([[1, id]]), { signal: watching.signal })
        for await (const told of status) {
          heard = true
          tell(read(told))
        }
      }
      // What is only told may break off; whether the image is there is the other call's to say.
      const told = watch().catch(() => {})
      try {
        const answers: ReadonlyMap<string, string>[] = []
        for await (const answer of grpc.call(`${CONTROL}/Solve`, solveMessage(request, id, session), { signal }))
          answers.push(mapOf(read(answer).all(1)))
        await told
        return answers[0] ?? new Map<string, string>()
      } catch (error) {
        // What the failing step printed comes on the other call, which ends by itself.
        if (heard && !signal?.aborted) await Promise.race([told, new Promise(go => setTimeout(go, LAST_WORDS).unref())])
        throw error
      } finally {
        watching.abort()
      }
    },
    /** Has the frontend answer a question about the Dockerfile, and builds nothing; what it answers, by name. Throws CallFailed. */
    async ask(question: string, request: SolveRequest, session: string): Promise<ReadonlyMap<string, string>> {
      const id = crypto.randomUUID()
      const ended = new AbortController()
      // Without a frontend of its own a build is as long as whoever opened it asks frontends on its behalf.
      const opened = message([
        [1, id],
        [5, session],
      ])
      const open = (async () => {
        for await (const _ of grpc.call(`${CONTROL}/Solve`, opened, { signal: ended.signal }));
      })()
      open.catch(() => {})
      try {
        const asked = message([
          [2, 'dockerfile.v0'],
          ...entries(3, { ...request.attributes, requestid: question }),
          ...entries(12, request.inputs),
        ])
        const metadata = { 'buildkit-controlapi-buildid': id }
        for await (const answer of grpc.call(`${BRIDGE}/Solve`, asked, { signal, metadata }))
          return mapOf(read(read(answer).bytes(3)).all(10))
        return new Map()
      } finally {
        ended.abort()
      }
    },
    /** What the workers tell of themselves: labels such as `org.mobyproject.buildkit.worker.moby.host-gateway-ip`. */
    async labels(): Promise<ReadonlyMap<string, string>> {
      for await (const answer of grpc.call(`${CONTROL}/ListWorkers`, message([]), { signal }))
        for (const worker of read(answer).all(1)) return mapOf(read(worker).all(2))
      return new Map()
    },
    close: grpc.close,
  }
}

/** Milliseconds to wait for the rest of what a failed build has to tell. */
const LAST_WORDS = 2000

function solveMessage(request: SolveRequest, id: string, session: string): Buffer {
  const { attributes, names, entitlements, inputs, cacheImports, cacheExports } = request
  const caches = message([
    ...cacheExports.map((cache): Field => [4, cacheMessage(cache)]),
    ...cacheImports.map((cache): Field => [5, cacheMessage(cache)]),
  ])
  return message([
    [1, id],
    [3, 'moby'],
    ...entries(4, { name: names.join(',') }),
    [5, session],
    [6, 'dockerfile.v0'],
    ...entries(7, attributes),
    [8, caches],
    ...entitlements.map((entitlement): Field => [9, entitlement]),
    ...entries(10, inputs),
  ])
}

function cacheMessage({ type, attributes }: Cache): Buffer {
  return message([[1, type], ...entries(2, attributes)])
}

function mapOf(entries: readonly Buffer[]): ReadonlyMap<string, string> {
  return new Map(entries.map(bytes => [read(bytes).text(1), read(bytes).text(2)]))
}
