import type { Cause } from './diagnosis.ts'

/** Why there is no engine to ask. Told where it is connected to: without an engine there is no scene to look at. */
export const engines: readonly Cause[] = [
  {
    code: 'engine-unreachable',
    cause: 'No engine answers at the address that commands would use.',
    evidence:
      'The operating system says why: ENOENT: it is not installed, or another context is meant; ECONNREFUSED: it does not run; ETIMEDOUT: it hangs. Each address is told with where it comes from.',
    fix: 'Start the engine, or name another one: DOCKER_HOST, --host, --context, "docker context use".',
  },
  {
    code: 'socket-permission',
    cause: 'The engine’s socket is there, and this user may not open it.',
    evidence: 'The operating system says EACCES; the socket’s owner, group and mode, and the groups of the user.',
    fix: 'Become a member of the socket’s group and log in again (usermod -aG docker USER), or use a rootless engine.',
  },
  {
    code: 'api-version',
    cause:
      'The engine and this program have no version of the API in common, or DOCKER_API_VERSION names one that the engine does not speak.',
    evidence: 'The engine says "client version … is too new" or "too old".',
    fix: 'Leave DOCKER_API_VERSION unset: the version is then agreed on; otherwise update the older of the two.',
  },
]
