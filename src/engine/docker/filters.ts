import type { ContainerFilter } from '../engine.ts'

const PROJECT = 'com.docker.compose.project'
const SERVICE = 'com.docker.compose.service'

/** The engine's `filters`: what carries all of these labels, has this volume and is on this network. */
export function filters({ project, service, labels = [], volume, network }: Omit<ContainerFilter, 'all'>) {
  const label = [
    ...(project === undefined ? [] : [`${PROJECT}=${project}`]),
    ...(service === undefined ? [] : [`${SERVICE}=${service}`]),
    ...labels,
  ]
  return {
    ...(label.length > 0 && { label }),
    ...(volume !== undefined && { volume: [volume] }),
    ...(network !== undefined && { network: [network] }),
  }
}
