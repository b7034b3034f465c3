import type { ContainerFilter } from '../engine.ts'

const PROJECT = 'com.docker.compose.project'
const SERVICE = 'com.docker.compose.service'

/** The engine's `filters`: what carries all of these labels. */
export function filters({ project, service, labels = [] }: Pick<ContainerFilter, 'project' | 'service' | 'labels'>) {
  const label = [
    ...(project === undefined ? [] : [`${PROJECT}=${project}`]),
    ...(service === undefined ? [] : [`${SERVICE}=${service}`]),
    ...labels,
  ]
  return label.length > 0 ? { label } : {}
}
