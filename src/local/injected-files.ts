import type { Project } from '../model/project.ts'
import type { InjectedFile } from './steps.ts'

/** Secrets and configs that have content of their own instead of a file: put into the container before each start. */
export function injectedFiles(project: Project, service: string): readonly InjectedFile[] {
  throw new Error(`not written yet: ${project.name} ${service}`)
}
