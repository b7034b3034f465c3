import { type Scope, scopeOf } from '../lint/scope.ts'
import { disk } from '../load/files.ts'
import type { Loaded, LoadOptions } from '../load/load.ts'
import { shownPath } from '../load/shown-path.ts'

/** What rules look at of a project that was loaded. `disabled` has them look at services that no profile turns on, too. */
export function loadedScope(
  { project, origin, written }: Loaded,
  { cwd, filesystem = disk, disabled }: Pick<LoadOptions, 'cwd' | 'filesystem'> & { readonly disabled: boolean },
): Scope {
  return scopeOf({
    project,
    at: origin.at,
    documents: [...written.values()].flat(),
    disabled,
    files: filesystem,
    shown: path => shownPath(path, cwd),
  })
}
