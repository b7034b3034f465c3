import type { ImageSummary as ApiImageSummary, DistributionInspect, SystemInfo } from '@docker/node-sdk'
import { allCredentials, credentials, registryOf } from '../../registry/credentials.ts'
import { publishedPlatforms } from '../../registry/platforms.ts'
import { UserError } from '../../text/problem.ts'
import type { LayerProgress } from '../engine.ts'
import { EngineError } from '../errors.ts'
import type { LiveEngine } from '../live.ts'
import { buildQuery } from './build-query.ts'
import { type Docker, image, orUndefined, told, toldEach } from './docker.ts'
import { Refused } from './errors.ts'
import { isBefore } from './features.ts'
import { filters } from './filters.ts'
import { imageDetail, imageSummary } from './image-answers.ts'
import { nameAndTag } from './reference.ts'
import { jsonLines } from './streams.ts'

/** One line of a pull's or build's stream. */
interface Message {
  readonly id?: string
  readonly status?: string
  readonly stream?: string
  readonly progressDetail?: { readonly current?: number; readonly total?: number }
  readonly error?: string
  readonly errorDetail?: { readonly code?: number; readonly message?: string }
  readonly aux?: { readonly ID?: string }
}

export function images(docker: Docker) {
  const { modem, identity, env, home } = docker

  /** The stream's messages; an error in it is thrown. Reading to the end is what makes the engine finish. */
  async function* messages(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): AsyncGenerator<Message> {
    for await (const value of toldEach(jsonLines(bytes), signal)) {
      const message = value as Message
      const error = message.errorDetail?.message ?? message.error
      if (error !== undefined) await told(Promise.reject(new Refused(message.errorDetail?.code ?? 500, error)))
      yield message
    }
  }

  const inspect = async (reference: string, platform: string | undefined) => {
    const manifests = isBefore(identity.apiVersion, '1.48') ? undefined : true
    const path = `/images/${encodeURI(reference)}/json`
    const answer = await orUndefined(told(modem.ask({ method: 'GET', path, query: { manifests } })))
    if (!answer) return undefined
    return imageDetail(answer, platform)
  }

  return {
    async inspectImage(reference, { platform } = {}) {
      const detail = await inspect(reference, platform)
      if (!detail || platform === undefined) return detail
      const [os, arch] = platform.split('/')
      const has = detail.digest !== detail.id || (detail.os === os && (arch === undefined || detail.arch === arch))
      return has ? detail : undefined
    },

    async listImages({ labels = [] }) {
      const query = { filters: filters({ labels }) }
      const answer = await told(modem.ask({ method: 'GET', path: '/images/json', query }))
      return (answer as ApiImageSummary[]).map(imageSummary)
    },

    async pullImage(reference, { platform, onProgress, signal }) {
      const { name: fromImage, tag } = nameAndTag(reference)
      const query = { fromImage, tag, platform }
      const known = await told(credentials(registryOf(reference), { env, home }))
      const headers = known && { 'X-Registry-Auth': header(known) }
      const call = { method: 'POST', path: '/images/create', query, ...(headers && { headers }) } as const
      const answer = await told(modem.stream({ ...call, ...(signal && { signal }) }), signal)
      for await (const { id, status, progressDetail } of messages(answer, signal))
        if (status !== undefined) onProgress?.(progress(id, status, progressDetail))
    },

    async imagePlatforms(reference, { signal } = {}) {
      // Podman has no such call (4.3.1, 5.8.6): what can be asked from here is asked from here.
      if (identity.flavour === 'podman')
        return publishedPlatforms(reference, { env, home, ...(signal && { signal }) }).catch((error: unknown) => {
          if (error instanceof UserError && !signal?.aborted) return []
          throw error
        })
      const known = await told(credentials(registryOf(reference), { env, home }))
      const headers = known && { 'X-Registry-Auth': header(known) }
      const path = `/distribution/${encodeURI(reference)}/json`
      const call = { method: 'GET', path, ...(headers && { headers }), ...(signal && { signal }) } as const
      const { Platforms } = (await told(modem.ask(call), signal)) as DistributionInspect
      const platforms = (Platforms ?? []).filter(({ os, architecture }) => os && architecture && os !== 'unknown')
      return platforms.map(({ os, architecture, variant }) => [os, architecture, variant].filter(Boolean).join('/'))
    },

    async buildImage(context, options) {
      const { onOutput, signal } = options
      const call = {
        method: 'POST',
        path: '/build',
        query: buildQuery(options, identity.flavour),
        tar: context,
      } as const
      const known = await told(allCredentials({ env, home }))
      const headers = Object.keys(known).length > 0 && { 'X-Registry-Config': header(known) }
      const answer = await told(
        modem.stream({ ...call, ...(headers && { headers }), ...(signal && { signal }) }),
        signal,
      )
      let id: string | undefined
      try {
        for await (const { stream, status, aux } of messages(answer, signal)) {
          if (stream !== undefined) onOutput?.(stream)
          else if (status !== undefined) onOutput?.(`${status}\n`)
          // Podman has no `aux`: its last line is the id (4.3.1).
          id = aux?.ID ?? /^(?:Successfully built )?((?:sha256:)?[0-9a-f]{12,64})\s*$/m.exec(stream ?? '')?.[1] ?? id
        }
      } catch (error) {
        throw withBuildKitHint(error)
      }
      const tag = options.tags[0]
      const built = await inspect(id ?? tag ?? '', options.platform)
      if (!built) throw new EngineError('failed', 'the engine built no image')
      return built.id
    },

    async solveImage(options) {
      const { solve } = await import('./buildkit/solve.ts')
      await solve(docker, options)
      const built = await inspect(options.tags[0] ?? '', options.platforms?.[0])
      if (!built) throw new EngineError('failed', 'the engine built no image')
      return built.id
    },

    async checkBuild(options) {
      const { check } = await import('./buildkit/solve.ts')
      return check(docker, options)
    },

    async imageStore() {
      const info = (await told(modem.ask({ method: 'GET', path: '/info' }))) as SystemInfo
      const drivers = info.DriverStatus ?? []
      return drivers.some(([, value]) => value === 'io.containerd.snapshotter.v1') ? 'containerd' : 'layers'
    },

    async pushImage(reference, { onProgress, signal }) {
      const { name, tag } = nameAndTag(reference)
      // The engine wants the header, be there credentials or not.
      const known = (await told(credentials(registryOf(reference), { env, home }))) ?? {}
      const call = { method: 'POST', path: `/images/${encodeURI(name)}/push`, query: { tag } } as const
      const headers = { 'X-Registry-Auth': header(known) }
      const answer = await told(modem.stream({ ...call, headers, ...(signal && { signal }) }), signal)
      for await (const { id, status, progressDetail } of messages(answer, signal))
        if (status !== undefined) onProgress?.(progress(id, status, progressDetail))
    },

    async removeImage(reference) {
      await told(image(docker, reference).remove())
    },

    async tagImage(reference, as) {
      const { name: repo, tag } = nameAndTag(as)
      await told(image(docker, reference).tag({ repo, tag }))
    },
  } satisfies Partial<LiveEngine>
}

/** Base64 for URLs, padded: Docker drops without a word what is not, Podman refuses it. */
function header(credentials: object): string {
  return Buffer.from(JSON.stringify(credentials)).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}

function progress(id: string | undefined, status: string, detail: Message['progressDetail']): LayerProgress {
  return {
    // The first line bears the tag where a layer's id stands otherwise.
    layer: id !== undefined && /^[0-9a-f]{12}$/.test(id) ? id : '',
    status,
    ...(detail?.current !== undefined && { current: detail.current }),
    ...(detail?.total !== undefined && { total: detail.total }),
  }
}

/** What the classic builder says of Dockerfiles that are written for BuildKit (20.10, 28.5). */
function withBuildKitHint(error: unknown): unknown {
  if (
    !(error instanceof EngineError) ||
    !/requires BuildKit|Unknown flag: (?:mount|link|network|security|checksum|parents)/i.test(error.message)
  )
    return error
  return new EngineError('unsupported', error.message, {
    hint: 'this Dockerfile needs BuildKit: leave out DOCKER_BUILDKIT=0, --memory, a network of your own, and before Docker 23.0 "shm_size" and "ulimits"',
    cause: error,
  })
}
