import { suggest } from '../../base/suggest.ts'
import type { Dict } from '../../text/node.ts'
import type { Report } from '../../text/problem.ts'

/** Keys that docker compose takes and does nothing with, where files are brought in: told, and left out. */
export function tellUnknownKeys(node: Dict, known: readonly string[], of: string, report: Report): void {
  for (const [name, { key }] of node.entries) {
    if (known.includes(name) || name.startsWith('x-')) continue
    const near = suggest(name, known)
    report({
      code: 'unknown-key',
      severity: 'warning',
      message: `unknown key "${name}" in "${of}" has no effect`,
      hint: near === undefined ? `it takes ${known.map(k => `"${k}"`).join(', ')}` : `did you mean "${near}"?`,
      at: key,
    })
  }
}
