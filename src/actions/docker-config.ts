import type { Engine } from '../engine/engine.ts'
import { API_CREDENTIALS } from '../local/api-socket.ts'
import type { Project } from '../model/project.ts'
import { allCredentials } from '../registry/credentials.ts'
import { proxyVariables } from '../registry/proxies.ts'
import { userError } from '../text/problem.ts'

/** What the user's docker configuration gives containers: proxy variables, and credentials to those that use the engine. */
export async function fromDockerConfig(
  project: Project,
  engine: Pick<Engine, 'info'>,
): Promise<{ readonly project: Project; readonly proxy: Readonly<Record<string, string>> }> {
  const env = project.environment
  const home = env['HOME'] ?? env['USERPROFILE'] ?? ''
  if (home === '' && !env['DOCKER_CONFIG']) return { project, proxy: {} }
  const options = { env, home }
  const asked = Object.values(project.services).some(service => service.use_api_socket)
  const read = async () => {
    // "unix:///run/docker.sock (DOCKER_HOST)"
    const proxy = await proxyVariables(engine.info.where.split(' ')[0]!, options)
    return { proxy, credentials: asked ? await allCredentials(options) : {} }
  }
  const { proxy, credentials } = await read().catch((error: unknown) => {
    if (error instanceof Error) throw userError('docker-config', error.message)
    throw error
  })
  const auths = Object.entries(credentials).map(([registry, { username, password, identitytoken }]) => [
    registry,
    identitytoken
      ? { ...(username && { auth: base64(`${username}:`) }), identitytoken }
      : { auth: base64(`${username}:${password}`) },
  ])
  if (auths.length === 0) return { project, proxy }
  const content = JSON.stringify({ auths: Object.fromEntries(auths) })
  const name = `${project.name}_${API_CREDENTIALS}`
  return { project: { ...project, configs: { ...project.configs, [API_CREDENTIALS]: { name, content } } }, proxy }
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
