import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect } from '../src/engine/connect.ts'
import type { Engine } from '../src/engine/engine.ts'
import { EngineError } from '../src/engine/errors.ts'

const script = new URL('engine.sh', import.meta.url).pathname
const socket = '/run/gantry-engine/docker.sock'

export interface Found {
  readonly engine: Engine
  /** As DOCKER_HOST wants it. */
  readonly host: string
  /** Started by us, so that stand-ins may bear official names in it. */
  readonly ours: boolean
}

/** The engine that is there, else a private one that is started now; `process.env.DOCKER_HOST` names it from here on. */
export async function provideEngine(): Promise<Found> {
  const engine = await connect({ env: process.env }).catch(error => {
    if (error instanceof EngineError && error.reason === 'unreachable') return startOurs(error)
    throw error
  })
  const host = engine.info.where.split(' ')[0]!
  process.env['DOCKER_HOST'] = host
  return { engine, host, ours: host === `unix://${socket}` }
}

async function startOurs(unreachable: EngineError): Promise<Engine> {
  const { DOCKER_HOST, DOCKER_CONTEXT } = process.env
  if (DOCKER_HOST || DOCKER_CONTEXT) throw unreachable
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version'))
    throw new Error(
      `${unreachable.message}; install Docker (docs.docker.com/engine/install) or Podman and start it, ` +
        'or set DOCKER_HOST; on Debian and Ubuntu, running this as root does it for you',
    )
  if (!existsSync(socket)) console.error('no engine answers: starting a private one (npm run engine:down ends it)')
  const { status } = spawnSync(script, ['up'], { stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) throw new Error(`${script} up failed`)
  return connect({ env: { ...process.env, DOCKER_HOST: `unix://${socket}` } })
}
