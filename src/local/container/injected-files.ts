import type { FileObject, FileReference, Project, Service } from '../../model/project.ts'
import type { InjectedFile } from '../steps.ts'
import { withApiSocket } from './api-socket.ts'
import { type Contents, isPut } from './file-contents.ts'
import { configTarget, secretTarget } from './mounts.ts'

/**
 * Secrets and configs that are put into the container before each start: those that have content of their own, and
 * files whose owner or mode is said.
 */
export function injectedFiles(project: Project, service: string, contents?: Contents): readonly InjectedFile[] {
  const s = withApiSocket(project.services[service]!)
  return [
    ...put(s, s.secrets, project.secrets, secretTarget, contents),
    ...put(s, s.configs, project.configs, configTarget, contents),
  ]
}

/** Empty content makes no file, as with docker compose. */
function put(
  service: Service,
  references: readonly FileReference[] | undefined,
  declared: Readonly<Record<string, FileObject>>,
  targetOf: (reference: FileReference) => string,
  contents: Contents | undefined,
): readonly InjectedFile[] {
  return (references ?? []).flatMap(reference => {
    const { file, content } = declared[reference.source] ?? {}
    const path = targetOf(reference)
    if (file !== undefined && !isPut(service, reference, file, path, contents)) return []
    const held = file === undefined ? content : contents?.get(file)
    if (!held?.length) return []
    const { uid = '0', gid = '0', mode = 0o444 } = reference
    return [{ path, content: held, uid: Number(uid), gid: Number(gid), mode }]
  })
}
