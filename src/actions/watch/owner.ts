import type { LiveEngine } from '../../engine/live.ts'
import { fileHead } from '../why/file-head.ts'

/** To whom files in a container belong. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

const root: Owner = { uid: 0, gid: 0 }

/** Whom a container's processes run as, by number: a name is looked up in its own /etc/passwd and /etc/group. */
export async function ownerOf(
  engine: Pick<LiveEngine, 'getArchive' | 'statPath'>,
  container: { readonly id: string; readonly user: string },
): Promise<Owner> {
  const [user = '', group] = container.user.split(':')
  if (user === '') return root
  const read = async (path: string) =>
    (await engine.statPath(container.id, path))
      ? (await fileHead(await engine.getArchive(container.id, path), 1 << 20)).head
      : ''
  const numbered = /^\d+$/
  const entry = numbered.test(user) && group !== undefined ? undefined : passwdEntry(await read('/etc/passwd'), user)
  const uid = numbered.test(user) ? Number(user) : entry?.uid
  if (uid === undefined) return root
  if (group === undefined) return { uid, gid: entry?.gid ?? 0 }
  return { uid, gid: numbered.test(group) ? Number(group) : (groupId(await read('/etc/group'), group) ?? 0) }
}

/** passwd(5): name:password:uid:gid:… */
export function passwdEntry(passwd: string, user: string): Owner | undefined {
  const fields = passwd.split('\n').map(line => line.split(':'))
  const found = fields.find(([name, , uid]) => name === user || uid === user)
  return found && { uid: Number(found[2]), gid: Number(found[3]) }
}

/** group(5): name:password:gid:… */
function groupId(groups: string, name: string): number | undefined {
  const found = groups
    .split('\n')
    .map(line => line.split(':'))
    .find(([own]) => own === name)
  return found && Number(found[2])
}
