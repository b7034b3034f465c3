import { statfs } from 'node:fs/promises'
import { spokenSize } from '../../base/units.ts'
import { shadowed } from '../../diagnose/networks.ts'
import type { Route } from '../../diagnose/scene.ts'
import type { EngineInfo, NetworkDetail } from '../../engine/engine.ts'
import type { EngineState, LiveEngine } from '../../engine/live.ts'
import { registryProblems } from '../../registry/credential-programs.ts'
import type { CredentialOptions } from '../../registry/credentials.ts'
import { orNone } from '../why/or-none.ts'
import { routes } from '../why/probe.ts'
import { bad, type CheckUp, ok, unknown, warning } from './check-up.ts'

/** How the engine is that commands here would use. Nothing is changed. */
export async function examineEngine(
  engine: Pick<LiveEngine, 'info' | 'arch' | 'state' | 'listNetworks'>,
  options: CredentialOptions,
): Promise<readonly CheckUp[]> {
  const asked = Date.now()
  const [state, arch, networks, registries] = await Promise.all([
    orNone(engine.state()),
    orNone(engine.arch()),
    orNone(engine.listNetworks()),
    registryProblems(options),
  ])
  const answered = Date.now()
  return [
    reached(engine.info, arch),
    ...(state
      ? [clock(state, asked, answered), limits(state), await disk(state, engine.info), ...state.warnings.map(said)]
      : [unknown('state', 'the engine does not say how it is')]),
    ...(networks && state ? [pools(state, networks)] : []),
    ...(networks && engine.info.where.startsWith('unix:') ? hidden(networks, await routes()) : []),
    ...credentialHelpers(registries),
  ]
}

const reached = ({ flavour, version, apiVersion, os, where, features }: EngineInfo, arch?: string): CheckUp =>
  ok(
    'engine',
    `${flavour === 'podman' ? 'Podman' : 'Docker'} ${version} (API ${apiVersion}, ${arch === undefined ? os : `${os}/${arch}`}) at ${where}; ${
      features.has('buildkit') ? 'builds with BuildKit' : 'builds with the classic builder'
    }`,
  )

/** Half of the way there and back is not the clock's fault; from 5 s on, tokens and "logs --since" go wrong. */
export function clock({ time }: Pick<EngineState, 'time'>, asked: number, answered: number): CheckUp {
  if (time === undefined) return unknown('clock', 'the engine does not tell its time')
  const behind = ((asked + answered) / 2 - time) / 1000
  const most = 5 + (answered - asked) / 2000
  if (Math.abs(behind) < most) return ok('clock', 'its clock and ours agree')
  return warning(
    'time-skew',
    `the engine's clock is ${Math.abs(Math.round(behind))} s ${behind > 0 ? 'behind' : 'ahead'}: tokens and "logs --since" will be wrong`,
    'set the clocks; of a virtual machine, restart its time service',
  )
}

export function limits({ limits: can }: Pick<EngineState, 'limits'>): CheckUp {
  const ignored = [
    ...(can.memory ? [] : ['mem_limit']),
    ...(can.swap ? [] : ['memswap_limit']),
    ...(can.cpus ? [] : ['cpus']),
    ...(can.cpuset ? [] : ['cpuset']),
    ...(can.pids ? [] : ['pids_limit']),
  ]
  if (ignored.length === 0) return ok('limits', 'it holds limits of memory, swap, CPU and processes')
  return warning(
    'cgroup-limit-ignored',
    `the engine cannot hold ${ignored.join(', ')}: they are ignored`,
    'turn the controllers on in the kernel of its machine, or do not rely on them',
  )
}

/** Only where the engine runs here: its folder is one of this machine then. */
async function disk({ root, driver }: EngineState, { where }: EngineInfo): Promise<CheckUp> {
  if (!where.startsWith('unix:') || root === '')
    return unknown('disk', 'the engine is not on this machine: its disk cannot be looked at')
  const found = await statfs(root).catch(() => undefined)
  if (!found) return unknown('disk', `its data is in ${root} (${driver}), which cannot be looked at from here`)
  const free = found.bavail * found.bsize
  const share = free / (found.blocks * found.bsize)
  const told = `${spokenSize(free)} free where it keeps its data (${root}, ${driver})`
  if (free > 1024 ** 3 && share > 0.03) return ok('disk', told)
  return (free < 256 * 1024 ** 2 ? bad : warning)(
    'disk-full',
    `only ${told}`,
    'remove build cache and images that nothing uses ("docker builder prune", "docker image prune"); volumes hold data, leave them',
  )
}

/** Docker comes with 31 ranges: 15 of 172.17.0.0/12 with 65 536 addresses, 16 of 192.168.0.0/16 with 4 096. */
export function pools(
  { pools: given }: Pick<EngineState, 'pools'>,
  networks: readonly Pick<NetworkDetail, 'driver'>[],
): CheckUp {
  const room =
    given.length === 0
      ? 31
      : given.reduce((sum, { base, size }) => sum + 2 ** Math.max(0, size - Number(base.split('/')[1] ?? size)), 0)
  const used = networks.filter(network => network.driver === 'bridge').length
  if (used < room * 0.8) return ok('address-pools', `${used} of about ${room} address ranges for networks are used`)
  return (used >= room ? bad : warning)(
    'network-pool-exhausted',
    `${used} of about ${room} address ranges for networks are used`,
    'remove networks that nothing uses ("docker network prune"), or set "default-address-pools" of the engine',
  )
}

/** Subnets that lead into a network here, and should lead to an office or through a VPN. */
export const hidden = (networks: readonly NetworkDetail[], known: readonly Route[]): readonly CheckUp[] =>
  networks.flatMap(one =>
    shadowed(one, networks, known).map(({ subnet, route }) =>
      warning(
        'subnet-shadows-route',
        `network "${one.name}" has the subnet ${subnet}, which cuts this machine off from ${route.subnet} through ${route.device}`,
        'declare another subnet for it in the file that makes it, then "gantry down" and "gantry up" there',
      ),
    ),
  )

const said = (message: string): CheckUp => ({ code: 'engine-says', state: 'warning', message })

function credentialHelpers(problems: readonly string[]): readonly CheckUp[] {
  if (problems.length === 0) return [ok('credentials', 'the credential helpers of docker’s configuration are there')]
  return problems.map(problem => warning('credentials', problem, 'install it, or take it out of docker’s config.json'))
}
