import type { Service } from '../model/project.ts'
import type { Diagnosis } from './diagnosis.ts'
import { within } from './paths.ts'
import { logged, refused } from './telling.ts'

const saysFull = /No space left on device|Errno 28|ENOSPC/i

const disk = {
  code: 'disk-full',
  cause: 'The disk on which the engine keeps its data is full.',
  evidence:
    'The engine says "no space left on device" when it pulls, builds or makes something, or a program says so of a path that is not in memory. Lines of logs are lost meanwhile.',
  fix: 'Remove build cache and images that nothing uses (docker builder prune, docker image prune); rotate logs. Never volumes first.',
}

/** File systems without room. */
export const full: readonly Diagnosis[] = [
  logged({
    code: 'shm-or-tmpfs-full',
    cause: 'A file system in memory is full: /dev/shm (64 MiB unless told otherwise), or a tmpfs of fixed size.',
    evidence: 'The log says "No space left on device" with a path there.',
    fix: 'shm_size: 256m; tmpfs: ["/scratch:size=256m"].',
    says: saysFull,
    tell({ input }, { service }, { declared }) {
      const place = inMemory(input, declared)
      if (place === undefined) return undefined
      const shm = place === '/dev/shm'
      return {
        message: shm ? `"${service}" has filled its shared memory, /dev/shm` : `"${service}" has filled "${place}"`,
        hint: shm ? 'make /dev/shm larger' : 'make the tmpfs larger',
        fix: shm ? 'shm_size: 256m' : `tmpfs:\n  - ${place}:size=256m`,
        attribute: [shm ? 'shm_size' : 'tmpfs'],
      }
    },
  }),
  {
    ...disk,
    find: (subject, about) => engineSays.find(subject, about) ?? programSays.find(subject, about),
  },
]

const engineSays = refused({
  ...disk,
  doing: ['pull', 'build', 'create', 'start', 'volume', 'network'],
  says: /no space left on device/i,
  tell: () => ({
    message: 'the engine’s disk is full',
    hint: 'remove build cache and images that nothing uses ("docker builder prune", "docker image prune"); volumes hold data, leave them',
  }),
})

const programSays = logged({
  ...disk,
  says: saysFull,
  tell({ input }, { service, container }, { declared }) {
    if (inMemory(input, declared) !== undefined) return undefined
    const path = pathIn(input)
    const mount = container?.mounts.find(m => path !== '' && within(path, m.target))
    const where = mount?.type === 'bind' ? `the disk that holds "${mount.source}"` : 'the engine’s disk'
    return {
      message: `"${service}" finds no room${path === '' ? '' : ` for "${path}"`}: ${where} is full`,
      certainty: 'likely',
      ...(mount && { evidence: [{ field: 'Mounts', value: `${mount.name ?? mount.source}:${mount.target}` }] }),
      hint: 'look how full it is ("gantry doctor"); remove build cache and images that nothing uses; volumes hold data, leave them',
    }
  },
})

/** The file system in memory that a line speaks of: a tmpfs of the file, or /dev/shm. */
function inMemory(line: string, declared: Service | undefined): string | undefined {
  const path = pathIn(line)
  if (within(path, '/dev/shm') || /shared memory/i.test(line)) return '/dev/shm'
  const written = [
    ...(declared?.tmpfs ?? []).map(entry => entry.split(':', 1)[0]!),
    ...(declared?.volumes ?? []).filter(({ type }) => type === 'tmpfs').map(({ target }) => target),
  ]
  return written.find(target => within(path, target))
}

const pathIn = (line: string): string => /['"]?(\/[\w./-]+)/.exec(line)?.[1] ?? ''
