import type { Diagnosis } from './diagnosis.ts'
import { didNotStart, logged, refused } from './telling.ts'

/** What is mounted, and who may read and write there. */
export const mounts: readonly Diagnosis[] = [
  refused({
    code: 'bind-source-missing',
    cause: 'A folder or file of the host that is to be mounted does not exist.',
    evidence: 'The engine says "bind source path does not exist".',
    fix: 'Make it first; "create_host_path: true" lets the engine make an empty folder.',
    says: /bind source path does not exist: (\S+)/,
    tell([, path = ''], subject, { declared }) {
      return {
        message: `${didNotStart(subject)}: "${path}", which is to be mounted, does not exist`,
        hint: 'make it first',
        attribute: mountAttribute(declared?.volumes, path),
      }
    },
  }),
  refused({
    code: 'mount-type-mismatch',
    cause:
      'A folder is to be mounted over a file, or a file over a folder. Often an earlier start made an empty folder where the file was missing.',
    evidence: 'The engine says "Are you trying to mount a directory onto a file (or vice-versa)?".',
    fix: 'Remove the empty folder, and put the file there.',
    says: /error mounting "([^"]+)" to rootfs at "([^"]+)".*(?:not a directory|is a directory)/,
    tell([, source = '', target = ''], subject, { declared, ask }) {
      const there = ask({ what: 'host-path', path: source })
      const empty = there !== 'unknown' && there.kind === 'directory' && there.empty
      return {
        message: empty
          ? `${didNotStart(subject)}: "${source}" is an empty folder, made by an earlier start, and "${target}" is a file`
          : `${didNotStart(subject)}: of "${source}" and "${target}" one is a folder and the other a file`,
        hint: empty ? 'remove the folder, and put the file there' : 'mount a file on a file, a folder on a folder',
        attribute: mountAttribute(declared?.volumes, source),
      }
    },
  }),
  refused({
    code: 'mount-path-relative',
    cause:
      'The path inside the container at which something is to be mounted is not absolute. A volume of one letter is taken for a Windows drive.',
    evidence: 'The engine says "mount path must be absolute".',
    fix: 'Write an absolute path; give the volume a longer name.',
    says: /invalid mount path: '([^']+)' mount path must be absolute/,
    tell([, path = ''], subject) {
      const drive = /^[a-z]:\//i.test(path)
      return {
        message: drive
          ? `${didNotStart(subject)}: "${path}" is taken for a Windows drive`
          : `${didNotStart(subject)}: "${path}" is no absolute path`,
        hint: drive ? 'give the volume a name of more than one letter' : 'begin it with "/"',
        attribute: ['volumes'],
      }
    },
  }),
  logged({
    code: 'read-only-fs',
    cause:
      'The program writes to a file system that is read-only: the container’s root ("read_only: true"), or a mount with ":ro".',
    evidence: 'The log says "Read-only file system", and the container or the mount is declared so.',
    fix: 'A tmpfs where it writes: tmpfs: [/run, /tmp].',
    says: /['"]?(\/[^\s'":]+)['"]?[^/]*Read-only file system|Read-only file system[^/]*['"]?(\/[^\s'":]+)?/i,
    tell([, before, after], { service, container }) {
      const path = before ?? after
      const mount = path === undefined ? undefined : container?.mounts.find(m => !m.rw && within(path, m.target))
      if (!container?.spec.read_only && !mount) return undefined
      const folder = path === undefined ? '/tmp' : path.replace(/\/[^/]*$/, '') || '/tmp'
      return {
        message: mount
          ? `"${service}" wants to write "${path}", and "${mount.target}" is mounted read-only`
          : `"${service}" wants to write ${path === undefined ? 'to its root' : `"${path}"`}, and its root is read-only`,
        evidence: [
          mount ? { field: 'Mounts.RW', value: 'false' } : { field: 'HostConfig.ReadonlyRootfs', value: 'true' },
        ],
        hint: mount ? 'leave ":ro" out' : 'give it a tmpfs where it writes',
        ...(!mount && { fix: `tmpfs:\n  - ${folder}` }),
        attribute: [mount ? 'volumes' : 'read_only'],
      }
    },
  }),
  logged({
    code: 'shm-or-tmpfs-full',
    cause: 'A file system in memory is full: /dev/shm (64 MiB unless told otherwise), or a tmpfs of fixed size.',
    evidence: 'The log says "No space left on device" with a path there.',
    fix: 'shm_size: 256m; tmpfs: ["/scratch:size=256m"].',
    says: /No space left on device|Errno 28|ENOSPC/i,
    tell({ input }, { service }, { declared }) {
      const path = /['"]?(\/[\w./-]+)/.exec(input)?.[1] ?? ''
      const sized = (declared?.tmpfs ?? []).find(entry => within(path, entry.split(':', 1)[0]!))
      const shm = within(path, '/dev/shm') || /shared memory/i.test(input)
      if (!shm && sized === undefined) return undefined
      return {
        message: shm
          ? `"${service}" has filled its shared memory, /dev/shm`
          : `"${service}" has filled "${sized!.split(':', 1)[0]}"`,
        hint: shm ? 'make /dev/shm larger' : 'make the tmpfs larger',
        fix: shm ? 'shm_size: 256m' : `tmpfs:\n  - ${sized!.split(':', 1)[0]}:size=256m`,
        attribute: [shm ? 'shm_size' : 'tmpfs'],
      }
    },
  }),
  refused({
    code: 'disk-full',
    cause: 'The disk on which the engine keeps its data is full.',
    evidence: 'The engine says "no space left on device" when it pulls, builds or makes something.',
    fix: 'Remove build cache and images that nothing uses (docker builder prune, docker image prune); rotate logs. Never volumes first.',
    doing: ['pull', 'build', 'create', 'start', 'volume', 'network'],
    says: /no space left on device/i,
    tell() {
      return {
        message: 'the engine’s disk is full',
        hint: 'remove build cache and images that nothing uses ("docker builder prune", "docker image prune"); volumes hold data, leave them',
      }
    },
  }),
  logged({
    code: 'secret-unreadable',
    cause:
      'The process may not read a secret: a secret from a file is mounted with the owner and the mode that it has on the host.',
    evidence: 'The log says "Permission denied" of a path below /run/secrets.',
    fix: 'Let the container’s user read the file on the host, or give the secret mode and uid in the long form.',
    says: /(\/run\/secrets\/[\w.-]+)['"]?:? .*(?:Permission denied|EACCES)|(?:Permission denied|EACCES).*(\/run\/secrets\/[\w.-]+)/i,
    tell([, before, after], { service, container }) {
      const user = container?.spec.user || '0'
      return {
        message: `"${service}" may not read "${before ?? after}" as user ${user}`,
        hint: 'let that user read the file on the host ("chmod 644", or its owner)',
        attribute: ['secrets'],
      }
    },
  }),
  logged({
    code: 'volume-permission',
    cause:
      'The process may not write where something is mounted: the folder belongs to somebody else. Missing bind sources are made as root’s.',
    evidence: 'The log says "Permission denied" of a path below a mount, and the process does not run as root.',
    fix: 'chown the folder in the Dockerfile before the volume is used; for a bind mount, a folder of that user.',
    says: /['"]?(\/[^\s'":]+)['"]?[^/]*(?:Permission denied|EACCES|Errno 13)|(?:Permission denied|EACCES|Errno 13)[^/]*['"]?(\/[^\s'":]+)/i,
    tell([, before, after], { service, container }) {
      const path = before ?? after ?? ''
      const mount = container?.mounts.find(m => within(path, m.target))
      const user = container?.spec.user ?? ''
      if (!mount || user === '' || user === '0' || user === 'root' || path.startsWith('/run/secrets/')) return undefined
      return {
        message: `"${service}" runs as user ${user} and may not write "${path}", where ${mount.name === undefined ? `"${mount.source}"` : `volume "${mount.name}"`} is mounted`,
        certainty: 'likely',
        evidence: [
          { field: 'Config.User', value: user },
          { field: 'Mounts', value: `${mount.name ?? mount.source}:${mount.target}` },
        ],
        hint:
          mount.name === undefined
            ? `give the folder to that user ("chown ${user}")`
            : `make "${mount.target}" in the Dockerfile and chown it: a new volume takes the owner of the image's folder`,
        attribute: ['volumes'],
      }
    },
  }),
  logged({
    code: 'capability-missing',
    cause: 'The process lacks a right of root’s that was taken from it ("cap_drop").',
    evidence: 'The log says "Operation not permitted" rather than "Permission denied".',
    fix: 'cap_add with the one that it needs: CHOWN, NET_ADMIN, SYS_ADMIN ….',
    says: /\b(chown|chgrp|chmod|mount|umount|ip|ping|setuid|setgid|su|bind|nice)\b.*(?:Operation not permitted|EPERM)|(?:Operation not permitted|EPERM)/i,
    tell([, action], { service }, { declared }) {
      const dropped = declared?.cap_drop ?? []
      const needs = capabilityFor[action?.toLowerCase() ?? '']
      if (dropped.length === 0 && !['NET_ADMIN', 'SYS_ADMIN'].includes(needs ?? '')) return undefined
      return {
        message: needs
          ? `"${service}" lacks the capability ${needs}, which "${action}" needs`
          : `"${service}" lacks a capability: all of ${dropped.join(', ')} were dropped`,
        certainty: 'likely',
        hint: needs ? 'add it' : 'add the one that it needs',
        fix: `cap_add:\n  - ${needs ?? 'CHOWN'}`,
        attribute: [dropped.length > 0 ? 'cap_drop' : 'cap_add'],
      }
    },
  }),
  refused({
    code: 'volume-mount-failed',
    cause:
      'The volume’s own source cannot be mounted: a path or server of its driver’s options, or its driver is not installed.',
    evidence:
      'The engine says "error while mounting volume", "cannot access path" or "error looking up volume plugin".',
    fix: 'Correct driver_opts of the volume, or install the driver on the engine’s host.',
    doing: ['create', 'start', 'volume'],
    says: /error while mounting volume '([^']*)'|cannot access path ([^:\s]+)|error looking up volume plugin (\S+?):/,
    tell([, volume, path, plugin], subject) {
      return {
        message: plugin
          ? `${didNotStart(subject)}: the engine has no volume driver "${plugin}"`
          : `${didNotStart(subject)}: ${path === undefined ? `the volume at "${volume}" cannot be mounted` : `there is no "${path}" in the volume`}`,
        hint: plugin
          ? 'install the driver on the engine’s host, or leave "driver" out'
          : 'correct "driver_opts" or "subpath" of the volume',
        attribute: ['volumes'],
      }
    },
  }),
]

const capabilityFor: Readonly<Record<string, string>> = {
  chown: 'CHOWN',
  chgrp: 'CHOWN',
  chmod: 'FOWNER',
  mount: 'SYS_ADMIN',
  umount: 'SYS_ADMIN',
  ip: 'NET_ADMIN',
  ping: 'NET_RAW',
  setuid: 'SETUID',
  setgid: 'SETGID',
  su: 'SETUID',
  bind: 'NET_BIND_SERVICE',
  nice: 'SYS_NICE',
}

const within = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder.replace(/\/$/, '')}/`)

function mountAttribute(
  volumes: readonly { readonly source?: string }[] | undefined,
  source: string,
): readonly string[] {
  const index = (volumes ?? []).findIndex(v => v.source === source)
  return index < 0 ? ['volumes'] : ['volumes', String(index)]
}
