import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { defined } from '../../base/defined.ts'
import type { ContainerSpec } from '../../engine/engine.ts'
import type { Project, Service } from '../../model/project.ts'
import { userError } from '../../text/problem.ts'

type Security = Pick<ContainerSpec, 'security_opt' | 'masked_paths' | 'readonly_paths'>

/** `security_opt` as the engine takes it: seccomp profiles as text, `systempaths=unconfined` as two empty lists. */
export function security(project: Project, service: Service, profiles?: ReadonlyMap<string, string>): Security {
  if (!service.security_opt) return {}
  const unconfined = service.security_opt.includes('systempaths=unconfined')
  const options = service.security_opt.filter(option => option !== 'systempaths=unconfined')
  return defined({
    security_opt: options.map(option => {
      const path = profilePath(project, option)
      const profile = path !== undefined ? profiles?.get(path) : undefined
      return profile === undefined ? option : `seccomp=${profile}`
    }),
    masked_paths: unconfined ? [] : undefined,
    readonly_paths: unconfined ? [] : undefined,
  })
}

/** The seccomp profiles that services name, by absolute path: the engine takes text, not paths. Throws UserError. */
export async function seccompProfiles(project: Project): Promise<ReadonlyMap<string, string>> {
  const options = Object.values(project.services).flatMap(service => service.security_opt ?? [])
  const paths = new Set(options.map(option => profilePath(project, option)).filter(path => path !== undefined))
  return new Map(await Promise.all([...paths].map(async path => [path, await profileText(path)] as const)))
}

async function profileText(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw userError('no-seccomp-profile', `the seccomp profile "${path}" cannot be read: ${error.message}`)
  })
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    throw userError('bad-seccomp-profile', `the seccomp profile "${path}" is not JSON`)
  }
}

/** The file that `seccomp=FILE` or `seccomp:FILE` names. */
function profilePath(project: Project, option: string): string | undefined {
  const file = /^seccomp[=:](.+)$/s.exec(option)?.[1]
  if (file === undefined || file === 'unconfined' || file === 'builtin') return undefined
  return resolve(project.working_dir, file)
}
