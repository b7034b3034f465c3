import type { ContainerStatsResponse, ContainerTopResponse } from '@docker/node-sdk'
import type { LiveEngine, StatsSample } from '../live.ts'
import { container, type Docker, told, toldEach } from './docker.ts'
import { nameAndTag } from './reference.ts'
import { jsonLines } from './streams.ts'
import { usage } from './usage.ts'

export function processes(docker: Docker) {
  const { modem } = docker
  return {
    async top(id, args) {
      const answer = await told(container(docker, id).top(args === undefined ? {} : { ps_args: args }))
      const { Titles = [], Processes = [] } = answer as ContainerTopResponse
      return { titles: Titles, processes: Processes }
    },

    async *stats(id, { follow = false, signal } = {}): AsyncGenerator<StatsSample> {
      // Without `one-shot` the engine looks twice, a second apart, and there is a difference to reckon with.
      const query = { stream: follow }
      const path = `/containers/${encodeURIComponent(id)}/stats`
      const answer = await told(modem.stream({ method: 'GET', path, query, ...(signal && { signal }) }), signal)
      for await (const value of toldEach(jsonLines(answer), signal)) yield usage(value as ContainerStatsResponse)
    },

    async resizeTerminal(id, { rows, columns }) {
      await told(container(docker, id).resize({ h: rows, w: columns }))
    },

    async commitContainer(id, { reference, author, message, changes, pause = true }) {
      const { name, tag } = reference === undefined ? {} : nameAndTag(reference)
      const query = { container: id, repo: name, tag, author, comment: message, changes, pause }
      // The engine takes the container's configuration where the body says nothing.
      const answer = await told(modem.ask({ method: 'POST', path: '/commit', query, body: {} }))
      return (answer as { readonly Id: string }).Id
    },
  } satisfies Partial<LiveEngine>
}
