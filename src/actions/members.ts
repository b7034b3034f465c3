import { suggest } from '../base/suggest.ts'
import type { ContainerSummary, Engine } from '../engine/engine.ts'
import { containerName, LABEL } from '../model/names.ts'
import type { Project } from '../model/project.ts'
import { UserError } from '../text/problem.ts'

/** A live container of a project. */
export interface Member {
  readonly id: string
  readonly name: string
  readonly service: string
  /** 0 for one-offs. */
  readonly number: number
  readonly oneoff: boolean
  /** What log lines call it: "web-1", or its whole name where that is not the usual one. */
  readonly label: string
  readonly summary: ContainerSummary
}

/** A project's containers by name, those of `run` as well. Containers of hooks have no hash and are nobody's business. */
export async function membersOf(
  engine: Pick<Engine, 'listContainers'>,
  project: string,
  { all = true }: { readonly all?: boolean } = {},
): Promise<readonly Member[]> {
  return inOrder(await engine.listContainers({ project, labels: [LABEL.config_hash], all }))
}

/** The same among all containers of the engine. */
export const membersAmong = (summaries: readonly ContainerSummary[], project: string): readonly Member[] =>
  inOrder(
    summaries.filter(({ labels }) => labels[LABEL.project] === project && labels[LABEL.config_hash] !== undefined),
  )

const inOrder = (summaries: readonly ContainerSummary[]): readonly Member[] =>
  summaries.map(memberOf).toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))

export function memberOf(summary: ContainerSummary): Member {
  const { id, name, labels } = summary
  const service = labels[LABEL.service] ?? ''
  const number = Number(labels[LABEL.number] ?? 0)
  const project = labels[LABEL.project] ?? ''
  return {
    id,
    name,
    service,
    number,
    oneoff: isOneoff(labels),
    label: labelOf(name, project, service, number),
    summary,
  }
}

export const isOneoff = (labels: Readonly<Record<string, string>>): boolean =>
  labels[LABEL.oneoff]?.toLowerCase() === 'true'

/** A container on its way to replace another one has the other's id before its name. */
export function labelOf(name: string, project: string, service: string, number: number): string {
  const final = name.replace(/^[0-9a-f]{12}_/, '')
  for (const separator of ['-', '_'] as const)
    if (final === containerName(project, service, number, separator)) return `${service}${separator}${number}`
  return final
}

/** Throws UserError for services that neither the file nor a container knows. */
export function checkServices(
  services: readonly string[],
  project: Project | undefined,
  members: readonly Member[] = [],
): void {
  const known = new Set([
    ...Object.keys(project?.services ?? {}),
    ...Object.keys(project?.disabled ?? {}),
    ...members.map(member => member.service),
  ])
  const unknown = services.filter(service => !known.has(service))
  if (unknown.length === 0) return
  throw new UserError(
    unknown.map(service => {
      const near = suggest(service, known)
      return {
        code: 'no-such-service',
        severity: 'error',
        message: `no such service: ${service}`,
        ...(near !== undefined && { hint: `did you mean "${near}"?` }),
      }
    }),
  )
}
