import type { Volume } from '@docker/node-sdk'
import type { Engine } from '../engine.ts'
import { volumeDetail } from './answers.ts'
import { type Docker, orUndefined, told, volume } from './docker.ts'
import { filters } from './filters.ts'
import { volumeBody } from './network-body.ts'

export function volumes(docker: Docker) {
  const { modem } = docker
  return {
    async listVolumes(project) {
      const query = { filters: filters(project === undefined ? {} : { project }) }
      const answer = await told(modem.ask({ method: 'GET', path: '/volumes', query }))
      return ((answer as { readonly Volumes: Volume[] | null }).Volumes ?? []).map(volumeDetail)
    },

    async inspectVolume(name) {
      const answer = await orUndefined(told(volume(docker, name).inspect()))
      return answer && volumeDetail(answer as unknown as Volume)
    },

    async createVolume(name, spec) {
      await told(modem.ask({ method: 'POST', path: '/volumes/create', body: volumeBody(name, spec) }))
    },

    async removeVolume(name) {
      await told(volume(docker, name).remove())
    },
  } satisfies Partial<Engine>
}
