import type { Engine } from '../engine/engine.ts'
import { API_CREDENTIALS } from '../local/container/api-socket.ts'
import type { Project } from '../model/project.ts'
import { allCredentials } from '../registry/credentials.ts'
import { proxyVariables } from '../registry/proxies.ts'
import { type Problem, userError } from '../text/problem.ts'

/**
 * What the user's docker configuration gives containers: proxy variables, and credentials to those that use the engine. One
 * that cannot be read is told, and gives nothing; only where credentials are asked for it is in the way: UserError.
 */
export async function fromDockerConfig(
  project: Project,
  engine: Pick<Engine, 'info'>,
): Promise<{
  readonly project: Project
  readonly proxy: Readonly<Record<string, string>>
  readonly problems: readonly Problem[]
}> {
  const env = project.environment
  const home = env['HOME'] ?? env['USERPROFILE'] ?? ''
  if (home === '' && !env['DOCKER_CONFIG']) return { project, proxy: {}, problems: [] }
  const options = { env, home }
  const asked = Object.values(project.services).some(service => service.use_api_socket)
  const read = async () => {
    // "unix:///run/docker.sock (DOCKER_HOST)"
    const proxy = await proxyVariables(engine.info.where.split(' ')[0]!, options)
    return { proxy, credentials: asked ? await allCredentials(options) : {}, problems: [] }
  }
  const { proxy, credentials, problems } = await read().catch((error: unknown) => {
    if (!(error instanceof Error)) throw error
    if (asked) throw userError('docker-config', error.message)
    const hint = 'docker login writes it; until it is put right, no proxies are taken from it'
    const problem: Problem = { code: 'docker-config', severity: 'warning', message: error.message, hint }
    return { proxy: {}, credentials: {}, problems: [problem] }
  })
  const auths = Object.entries(credentials).map(([registry, { username, password, identitytoken }]) => [
    registry,
    identitytoken
      ? { ...(username && { auth: base64(`${username}:`) }), identitytoken }
      : { auth: base64(`${username}:${password}`) },
  ])
  if (auths.length === 0) return { project, proxy, problems }
  const content = JSON.stringify({ auths: Object.fromEntries(auths) })
  const name = `${project.name}_${API_CREDENTIALS}`
  const configs = { ...project.configs, [API_CREDENTIALS]: { name, content } }
  return { project: { ...project, configs }, proxy, problems }
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
