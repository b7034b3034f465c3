import type { FileObject, Project } from '../../model/project.ts'
import type { Complain } from './complain.ts'

/** What a top-level volume, secret or config may not say at once, and what it must say. */
export function checkResources(project: Project, unread: ReadonlySet<string>, complain: Complain): void {
  for (const [key, volume] of Object.entries(project.volumes)) {
    if (!volume.external) continue
    const others = Object.keys(volume).filter(attribute => !['name', 'external', 'extensions'].includes(attribute))
    for (const attribute of others)
      complain(
        'external-conflict',
        ['volumes', key, attribute],
        `volume "${key}" is external, so "${attribute}" cannot be set`,
        'remove it, or "external"',
        [{ message: 'external here', path: ['volumes', key, 'external'] }],
      )
  }
  for (const [key, secret] of Object.entries(project.secrets))
    if (!unread.has(`secrets.${key}`)) checkSources('secret', key, secret, ['file', 'environment'], complain)
  for (const [key, config] of Object.entries(project.configs))
    if (!unread.has(`configs.${key}`)) checkSources('config', key, config, ['file', 'environment', 'content'], complain)
}

function checkSources(
  kind: 'secret' | 'config',
  key: string,
  object: FileObject,
  sources: readonly ('file' | 'environment' | 'content')[],
  complain: Complain,
): void {
  const path = [`${kind}s`, key]
  const given = sources.filter(source => object[source] !== undefined)
  if (object.external) {
    return
  }
  if (given.length > 1) {
    const [first, second] = given as [string, string]
    complain(
      'several-sources',
      [...path, second],
      `${kind} "${key}" has ${given.map(g => `"${g}"`).join(' and ')}, which exclude each other`,
      'keep one of them',
      [{ message: 'the other one', path: [...path, first] }],
    )
  } else if (given.length === 0 && object.driver === undefined) {
    complain(
      'no-source',
      path,
      `${kind} "${key}" says nothing of where it comes from`,
      `give it one of ${sources.join(', ')}, or "external: true"`,
    )
  }
}
