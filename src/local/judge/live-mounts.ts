import type { ContainerSpec, LiveMount } from '../../engine/engine.ts'
import type { Service } from '../../model/project.ts'
import { configTarget, secretTarget } from '../container/mounts.ts'
import type { Difference } from './live-settings.ts'

/** A mount as one word: a path of the host, a volume's name, or "anonymous". */
interface Mounted {
  readonly from: string
  readonly rw: boolean
}

/** The mounts in which a live container is not what is asked for, by where they are in it: `volumes./data`. */
export function mountsUnlike(service: Service, spec: ContainerSpec, live: readonly LiveMount[]): Difference[] {
  const wanted = asked(spec)
  const there = new Map(
    live.filter(m => m.type === 'bind' || m.type === 'volume').map(m => [m.target, mounted(m)] as const),
  )
  const targets = [...new Set([...wanted.keys(), ...there.keys()])]
  return targets.flatMap((target): Difference[] => {
    const [to, from] = [wanted.get(target), there.get(target)]
    const path = pathOf(service, target)
    // What nobody declares here may come with the image, or from the container whose volumes it takes.
    if (!to && (from?.from === ANONYMOUS || spec.volumes_from !== undefined)) return []
    // docker compose mounts the files of secrets and configs that we put in, with owner and mode.
    if (!to && !path.startsWith('volumes.')) return []
    if (to && from && isSame(to, from)) return []
    return [{ path, ...(from && { from: text(from) }), ...(to && { to: text(to) }) }]
  })
}

const ANONYMOUS = 'anonymous'

function asked({ binds = [], mounts = [] }: ContainerSpec): Map<string, Mounted> {
  const all = new Map<string, Mounted>()
  for (const bind of binds) {
    // From its end: a host's path may have colons of its own.
    const [, source = '', target = '', options = ''] = /^(.*):([^:]+):([^:]*)$/.exec(bind) ?? []
    all.set(target, { from: source, rw: !options.split(',').includes('ro') })
  }
  for (const { type, source, target, read_only } of mounts)
    if (type === 'bind' || type === 'volume') all.set(target, { from: source || ANONYMOUS, rw: !read_only })
  return all
}

function mounted({ type, name = '', source, rw }: LiveMount): Mounted {
  if (type === 'volume') return { from: /^[0-9a-f]{64}$/.test(name) ? ANONYMOUS : name, rw }
  return { from: source, rw }
}

function isSame(to: Mounted, from: Mounted): boolean {
  if (to.rw !== from.rw) return false
  // Docker Desktop tells a host's path under its own: "/host_mnt/Users/ann".
  return to.from === ANONYMOUS || bare(from.from) === bare(to.from) || from.from.endsWith(to.from)
}

const bare = (path: string) => path.replace(/(.)\/+$/, '$1')

const text = ({ from, rw }: Mounted) => (rw ? from : `${from} (read-only)`)

function pathOf({ secrets = [], configs = [] }: Service, target: string): string {
  const secret = secrets.find(s => secretTarget(s) === target)
  const config = configs.find(c => configTarget(c) === target)
  return secret ? `secrets.${secret.source}` : config ? `configs.${config.source}` : `volumes.${target}`
}
