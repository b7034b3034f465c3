import type { FileObject, FileReference, Project } from '../model/project.ts'
import { configTarget, secretTarget } from './mounts.ts'
import type { InjectedFile } from './steps.ts'

/** Secrets and configs that have content of their own instead of a file: put into the container before each start. */
export function injectedFiles(project: Project, service: string): readonly InjectedFile[] {
  const { secrets, configs } = project.services[service]!
  return [
    ...withContent(secrets, project.secrets, secretTarget),
    ...withContent(configs, project.configs, configTarget),
  ]
}

/** Those of a service's references whose content is not a file of the host. Empty content makes no file, as with docker compose. */
function withContent(
  references: readonly FileReference[] | undefined,
  declared: Readonly<Record<string, FileObject>>,
  targetOf: (reference: FileReference) => string,
): readonly InjectedFile[] {
  return (references ?? []).flatMap(reference => {
    const content = declared[reference.source]?.content
    if (!content || declared[reference.source]?.file) return []
    const { uid = '0', gid = '0', mode = 0o444 } = reference
    return [{ path: targetOf(reference), content, uid: Number(uid), gid: Number(gid), mode }]
  })
}
