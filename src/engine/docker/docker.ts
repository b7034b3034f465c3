// dockerode's front door loads docker-modem, ssh2, gRPC and protobuf, 82 ms; its classes take any modem and load in 13
// (measured on Node 24 with dockerode 5.0.1). So the classes it is, and what its front door adds (lists, creation, which it
// would also write into the URL) is asked through the modem.
import Container from 'dockerode/lib/container.js'
import Exec from 'dockerode/lib/exec.js'
import Image from 'dockerode/lib/image.js'
import Network from 'dockerode/lib/network.js'
import Volume from 'dockerode/lib/volume.js'
import type { Feature } from '../engine.ts'
import { EngineError } from '../errors.ts'
import { engineError } from './errors.ts'
import { FEATURES, type Identity } from './features.ts'
import type { Modem } from './modem.ts'

/** One engine, as the files of this folder share it. */
export interface Docker {
  readonly modem: Modem
  readonly identity: Identity
  readonly features: ReadonlySet<Feature>
  /** "amd64", where it was told on connecting. */
  readonly arch?: string
  /** The engine's clock is this machine's: it listens on a socket here. */
  readonly local: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
}

export const container = (docker: Docker, id: string) => new Container(docker.modem, encodeURIComponent(id))
export const network = (docker: Docker, id: string) => new Network(docker.modem, encodeURIComponent(id))
export const volume = (docker: Docker, name: string) => new Volume(docker.modem, encodeURIComponent(name))
export const image = (docker: Docker, name: string) => new Image(docker.modem, encodeURI(name))
export const execution = (docker: Docker, id: string) => new Exec(docker.modem, encodeURIComponent(id))

/** What a call gives, or EngineError. */
export async function told<T>(call: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw engineError(error, signal)
  }
}

/** As `told`, of what comes in pieces; an abort ends it with `cancelled`, even where the stream merely stopped. */
export async function* toldEach<T>(pieces: AsyncIterable<T>, signal?: AbortSignal): AsyncGenerator<T> {
  try {
    yield* pieces
  } catch (error) {
    throw engineError(error, signal)
  }
  if (signal?.aborted) throw engineError(signal.reason, signal)
}

/** Resolves to undefined where the engine does not have it. */
export async function orUndefined<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (error instanceof EngineError && error.reason === 'not-found') return undefined
    throw error
  }
}

/** Throws EngineError `unsupported` for the first of what an engine would drop without a word. */
export function refuse(docker: Docker, missing: readonly Feature[]): void {
  const first = missing[0]
  if (first === undefined) return
  const { what, engine, api } = FEATURES[first]
  const { flavour, version, apiVersion } = docker.identity
  throw new EngineError(
    'unsupported',
    `${what} needs Docker Engine ${engine} (API ${api}); this is ${flavour} ${version} (API ${apiVersion})`,
    {
      hint: flavour === 'podman' ? 'leave it out, or use Docker Engine' : 'leave it out, or use a newer engine',
    },
  )
}
