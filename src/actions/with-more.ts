import { fileContents } from '../local/container/file-contents.ts'
import type { Project } from '../model/project.ts'
import { select } from '../model/select.ts'
import { userError } from '../text/problem.ts'

/**
 * `present` with more of the project's services. What is there already knows more than the files say; what is added is as these
 * say. Throws UserError for one that takes more than that.
 */
export async function withMore(project: Project, present: Project, more: readonly string[]) {
  const off = Object.fromEntries(more.flatMap(name => (project.disabled[name] ? [[name, project.disabled[name]]] : [])))
  const declared: Project = { ...project, services: { ...project.services, ...off } }
  const dependent = more.find(name => {
    const { depends_on = {}, models, use_api_socket } = declared.services[name]!
    const provided = Object.keys(depends_on).some(other => project.services[other]?.provider)
    return provided || models !== undefined || use_api_socket
  })
  if (dependent !== undefined)
    throw userError(
      'volume-shared',
      `a volume that is to be made anew is also used by "${dependent}", which takes more than its files say`,
      'name that service too',
    )
  const services = [...Object.keys(present.services), ...more]
  const wider = select(declared, { services, noDeps: true })
  const all = {
    ...wider,
    networks: { ...wider.networks, ...present.networks },
    volumes: { ...wider.volumes, ...present.volumes },
    configs: { ...wider.configs, ...present.configs },
    services: { ...wider.services, ...present.services },
  }
  return { project: all, contents: await fileContents(all) }
}
