import type { Engine } from '../engine/engine.ts'
import { LABEL } from '../model/names.ts'

/** A project that has containers on an engine. */
export interface LiveProject {
  readonly name: string
  /** How many containers are in each state, by state: `{ exited: 1, running: 2 }`. */
  readonly states: Readonly<Record<string, number>>
  readonly files: string
}

/** All projects by name, whoever made them; without `all` only those of which something runs, and only what runs of them. */
export async function projects(
  engine: Pick<Engine, 'listContainers'>,
  { all = false }: { readonly all?: boolean } = {},
): Promise<readonly LiveProject[]> {
  const containers = await engine.listContainers({ labels: [LABEL.project, LABEL.config_hash], all })
  const named = Map.groupBy(containers, container => container.labels[LABEL.project] ?? '')
  return [...named]
    .map(([name, members]) => ({
      name,
      states: Object.fromEntries(
        [...Map.groupBy(members, member => member.state)]
          .map(([state, those]) => [state, those.length] as const)
          .toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
      files: members.find(member => member.labels[LABEL.config_files])?.labels[LABEL.config_files] ?? '',
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
