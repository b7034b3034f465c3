import type { LiveEngine } from '../engine/live.ts'
import type { Project } from '../model/project.ts'
import { checkServices, membersOf } from './members.ts'

/** A process in a container. */
export interface Process {
  readonly service: string
  readonly number: number
  /** What `ps` says of it, by column: PID, CMD … */
  readonly fields: Readonly<Record<string, string>>
}

/** The processes in a project's running containers. Throws UserError for unknown services. */
export async function processes(
  name: string,
  project: Project | undefined,
  {
    engine,
    services = [],
  }: { readonly engine: Pick<LiveEngine, 'listContainers' | 'top'>; readonly services?: readonly string[] },
): Promise<readonly Process[]> {
  const members = await membersOf(engine, name, { all: false })
  checkServices(services, project, members)
  const chosen = members.filter(m => services.length === 0 || services.includes(m.service))
  const all = await Promise.all(
    chosen.map(async ({ id, service, number }) => {
      const { titles, processes } = await engine.top(id)
      return processes.map(values => ({
        service,
        number,
        fields: Object.fromEntries(titles.map((title, i) => [title, values[i] ?? ''])),
      }))
    }),
  )
  return all.flat()
}
