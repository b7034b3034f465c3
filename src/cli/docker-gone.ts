import { connect } from 'node:net'

/**
 * Calls back once the docker command that started us as its plugin is told to end. It passes no signal on: it closes a socket that it
 * named in DOCKER_CLI_PLUGIN_SOCKET (docker 25 and later), an abstract one where the name begins with "@".
 */
export function untilDockerIsGone(name: string, gone: () => void): void {
  const socket = connect(name.replace(/^@/, '\0'))
  let connected = false
  socket.on('connect', () => (connected = true))
  socket.on('error', () => {}) // an older docker, or a stranger's variable: signals are enough
  socket.on('close', () => connected && gone())
  socket.resume()
  socket.unref()
}
