import type { Project } from '../model/project.ts'

/**
 * The value of the label `config-hash`, as docker compose 5.5 computes it. A service that borrows a namespace or
 * volumes (`network_mode`, `ipc`, `pid: service:x`, `volumes_from`) has its parent's container in it.
 */
export function serviceHash(
  project: Project,
  service: string,
  parent: (service: string) => string | undefined,
): string {
  throw new Error(`not written yet: ${project.name} ${service} ${parent(service)}`)
}

export function networkHash(project: Project, key: string): string {
  throw new Error(`not written yet: ${project.name} ${key}`)
}

export function volumeHash(project: Project, key: string): string {
  throw new Error(`not written yet: ${project.name} ${key}`)
}

/** Attribute path (`environment.LOG_LEVEL`, `ports`) → 8 hex digits, kept in our own label, so that a later run can say what changed. */
export function attributeHashes(project: Project, service: string): Readonly<Record<string, string>> {
  throw new Error(`not written yet: ${project.name} ${service}`)
}
