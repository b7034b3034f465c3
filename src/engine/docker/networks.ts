import type { NetworkInspect } from '@docker/node-sdk'
import type { EndpointSpec, Engine } from '../engine.ts'
import { endpointsOn, networkDetail } from './answers.ts'
import { type Docker, network, orUndefined, refuse, told } from './docker.ts'
import { isBefore, removesUsedNetworksById } from './features.ts'
import { filters } from './filters.ts'
import { endpointBody, networkBody } from './network-body.ts'
import { missingOfEndpoint } from './translate.ts'

export function networks(docker: Docker) {
  const { modem, identity } = docker
  return {
    async listNetworks(project) {
      const query = { filters: filters(project === undefined ? {} : { project }) }
      const answer = await told(modem.ask({ method: 'GET', path: '/networks', query }))
      return (answer as NetworkInspect[]).map(networkDetail)
    },

    async inspectNetwork(name) {
      const answer = await orUndefined(told(network(docker, name).inspect()))
      return answer && networkDetail(answer as unknown as NetworkInspect)
    },

    async listEndpoints(name) {
      const answer = await orUndefined(told(network(docker, name).inspect()))
      return answer ? endpointsOn(answer as unknown as NetworkInspect) : []
    },

    async createNetwork(name, spec) {
      // Engines before 25.0 make a second network of a name unless they are told to look.
      const look = isBefore(identity.apiVersion, '1.44') && { CheckDuplicate: true }
      const body = { ...networkBody(name, spec), ...look }
      const answer = await told(modem.ask({ method: 'POST', path: '/networks/create', body }))
      return (answer as { readonly Id: string }).Id
    },

    async removeNetwork(id) {
      const named = removesUsedNetworksById(identity) && (await told(network(docker, id).inspect())).Name
      await told(network(docker, named || id).remove())
    },

    async connectNetwork(name, container, endpoint) {
      refuse(docker, missingOfEndpoint(endpoint, docker.features))
      await joined(docker, name, container, endpoint)
    },

    async disconnectNetwork(name, container, { force = false } = {}) {
      await told(network(docker, name).disconnect({ Container: container, Force: force }))
    },
  } satisfies Partial<Engine>
}

/** Puts a container on a network, asking only for what this engine knows. */
export async function joined(
  docker: Docker,
  name: string,
  container: string,
  endpoint: EndpointSpec,
  signal?: AbortSignal,
): Promise<void> {
  const body: object = {
    Container: container,
    EndpointConfig: endpointBody(endpoint, docker.features),
    ...(signal && { abortSignal: signal }),
  }
  await told(network(docker, name).connect(body), signal)
}
