import type { Diagnosis } from './diagnosis.ts'
import { within } from './paths.ts'
import { logged } from './telling.ts'

/** What a program may not do: read, write, or use a right of root's. */
export const permissions: readonly Diagnosis[] = [
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
