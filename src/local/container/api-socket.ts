import type { Service } from '../../model/project.ts'

const SOCKET = '/var/run/docker.sock'
const CONFIG_DIR = '/run/secrets/docker'

/** The name of the config that holds the caller's registry credentials, where `use_api_socket` is set. */
export const API_CREDENTIALS = '#apisocket'
export const API_CREDENTIALS_PATH = `${CONFIG_DIR}/config.json`

/**
 * `use_api_socket: true` written out: the engine's socket as a bind mount, the credentials as a config, and a variable
 * that points at them unless the service sets it. docker compose hashes this form.
 */
export function withApiSocket(service: Service): Service {
  if (!service.use_api_socket) return service
  return {
    ...service,
    volumes: [...(service.volumes ?? []), { type: 'bind', source: SOCKET, target: SOCKET }],
    configs: [...(service.configs ?? []), { source: API_CREDENTIALS, target: API_CREDENTIALS_PATH }],
    environment: { DOCKER_CONFIG: CONFIG_DIR, ...service.environment },
  }
}
