import type { Attachment } from '../../model/project.ts'

/** Highest priority first, then by name: docker compose's order, whose first is the main network. */
export function byPriority(networks: Readonly<Record<string, Attachment | null>>): readonly string[] {
  const priority = (key: string) => networks[key]?.priority ?? 0
  return Object.keys(networks).toSorted((a, b) => priority(b) - priority(a) || (a < b ? -1 : 1))
}
