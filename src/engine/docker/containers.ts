import type {
  ContainerSummary as ApiContainerSummary,
  ContainerInspectResponse,
  ContainerWaitResponse,
  NetworkInspect,
} from '@docker/node-sdk'
import type { ContainerDetail, ContainerFilter, ContainerSummary, Engine } from '../engine.ts'
import { EngineError } from '../errors.ts'
import { containerDetail, containerSummary } from './answers.ts'
import { container, type Docker, refuse, told } from './docker.ts'
import { networkIdsAreNames } from './features.ts'
import { filters } from './filters.ts'
import { joined } from './networks.ts'
import { updateBody } from './resource-body.ts'
import { containerBody, later, missingFeatures, seconds } from './translate.ts'

export function containers(docker: Docker) {
  const { modem, features } = docker
  return {
    async listContainers({ all, ...filter }: ContainerFilter) {
      const query = { all: all ?? false, filters: filters(filter) }
      const answer = await told(modem.ask({ method: 'GET', path: '/containers/json', query }))
      const summaries = (answer as ApiContainerSummary[]).map(containerSummary)
      if (!networkIdsAreNames(docker.identity)) return summaries
      const ids = await networkIds(docker)
      return summaries.map(c => withNetworkIds(c, ids))
    },

    async inspectContainer(id) {
      // Not by dockerode's class: it is asked for each container of a project, of all at once.
      const answer = await told(modem.askTogether(`/containers/${encodeURIComponent(id)}/json`))
      const detail = containerDetail(answer as ContainerInspectResponse)
      return networkIdsAreNames(docker.identity) ? withNetworkIds(detail, await networkIds(docker)) : detail
    },

    async createContainer(name, spec, { signal, onWarning } = {}) {
      refuse(docker, missingFeatures(spec, features))
      const answer = await told(
        modem.ask({
          method: 'POST',
          path: '/containers/create',
          query: { name, platform: spec.platform },
          body: containerBody(spec, features),
          ...(signal && { signal }),
        }),
        signal,
      )
      const { Id: id, Warnings: warnings } = answer as {
        readonly Id: string
        readonly Warnings?: readonly string[] | null
      }
      for (const words of warnings ?? []) onWarning?.(words)
      try {
        for (const endpoint of later(spec, features)) await joined(docker, endpoint.network, id, endpoint, signal)
      } catch (error) {
        // A container with half of its networks would pass for whole. What failed first is what is told.
        await container(docker, id)
          .remove({ force: true, v: true })
          .catch(() => {})
        throw error
      }
      return id
    },

    async startContainer(id, { signal } = {}) {
      await told(container(docker, id).start(cancel(signal)), signal)
    },

    async stopContainer(id, { timeout, signal } = {}) {
      await told(container(docker, id).stop({ ...grace(timeout), ...cancel(signal) }), signal)
    },

    async restartContainer(id, { timeout, signal } = {}) {
      await told(container(docker, id).restart({ ...grace(timeout), ...cancel(signal) }), signal)
    },

    async killContainer(id, signal) {
      await told(container(docker, id).kill({ signal }))
    },

    async pauseContainer(id) {
      await told(container(docker, id).pause())
    },

    async unpauseContainer(id) {
      await told(container(docker, id).unpause())
    },

    async removeContainer(id, { force = false, volumes = false, signal } = {}) {
      await told(container(docker, id).remove({ force, v: volumes, ...cancel(signal) }), signal)
    },

    async renameContainer(id, to) {
      await told(container(docker, id).rename({ name: to }))
    },

    async updateContainer(id, change) {
      if (!features.has('update')) refuse(docker, ['update'])
      await told(container(docker, id).update(updateBody(change)))
    },

    async putArchive(id, path, tar, { owner = false, signal } = {}) {
      const query = { path, noOverwriteDirNonDir: true, ...(owner && { copyUIDGID: true }) }
      const call = { method: 'PUT', path: `/containers/${encodeURIComponent(id)}/archive`, query, tar } as const
      await told(modem.ask({ ...call, ...cancel(signal) }), signal)
    },

    async waitContainer(id, { next = false, removed = false, signal } = {}) {
      const condition = removed ? ('removed' as const) : next ? ('next-exit' as const) : undefined
      const wish = { ...(condition && { condition }), ...cancel(signal) }
      const answer = (await told(container(docker, id).wait(wish), signal)) as ContainerWaitResponse
      if (answer.Error?.Message) throw new EngineError('failed', answer.Error.Message)
      return answer.StatusCode
    },
  } satisfies Partial<Engine>
}

async function networkIds({ modem }: Docker): Promise<ReadonlyMap<string, string>> {
  const all = (await told(modem.ask({ method: 'GET', path: '/networks' }))) as readonly NetworkInspect[]
  return new Map(all.map(n => [n.Name ?? '', n.Id ?? '']))
}

function withNetworkIds<C extends ContainerSummary | ContainerDetail>(c: C, ids: ReadonlyMap<string, string>): C {
  return { ...c, networks: c.networks.map(n => ({ ...n, id: ids.get(n.name) ?? n.id })) }
}

function cancel(signal: AbortSignal | undefined) {
  return signal ? { abortSignal: signal } : {}
}

function grace(timeout: number | undefined) {
  return timeout === undefined ? {} : { t: seconds(timeout) }
}
