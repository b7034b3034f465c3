import { randomBytes } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'

/** Who changes a project just now: enough to say so, and to find out whether it still lives. */
export interface Owner {
  /** Of this claim and no other. */
  readonly token: string
  readonly verb: string
  readonly host: string
  readonly pid: number
  /** The boot and the namespace that `pid` counts in. */
  readonly place: string
  /** When the process began, as the kernel counts it, since numbers come again; "" where that cannot be read. */
  readonly began: string
}

/** Tokens of this very process: one that has ended its claim in vain must not wait for itself. */
const ours = new Set<string>()

/** This process, about to change something. */
export function oneself(verb: string): Owner {
  const token = randomBytes(16).toString('hex')
  ours.add(token)
  return { token, verb, host: hostname(), pid: process.pid, place: place(), began: beginning(process.pid) ?? '' }
}

/** Its claim is over, whether or not the engine could be told. */
export function forget({ token }: Owner): void {
  ours.delete(token)
}

/** Whether an owner's process is there; undefined where it cannot be seen from here. */
export function isAlive({ token, place: theirs, pid, began }: Owner): boolean | undefined {
  if (theirs !== place()) return undefined
  if (pid === process.pid && began === (beginning(pid) ?? '')) return ours.has(token)
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const now = beginning(pid)
  return now === undefined || now === began
}

/** As it is kept on the engine. */
export function ownerIn(label: string | undefined): Owner | undefined {
  if (label === undefined) return undefined
  try {
    const owner = JSON.parse(label) as Partial<Owner> | null
    const { token, verb, host, pid, place, began } = owner ?? {}
    const whole = [token, verb, host, place, began].every(text => typeof text === 'string') && typeof pid === 'number'
    return whole && /^[0-9a-f]{32}$/.test(token!) ? (owner as Owner) : undefined
  } catch {
    return undefined
  }
}

function place(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    // No Linux: two machines may bear one name, their network cards do not.
    const cards = Object.values(networkInterfaces()).flatMap(card => (card ?? []).map(({ mac }) => mac))
    return `${hostname()} ${[...new Set(cards)].toSorted().join(',')}`
  }
}

/** Field 22 of /proc/PID/stat (proc(5)); "" for one that has ended and waits for its parent; undefined where nothing is to be read. */
function beginning(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' || state === 'X' ? '' : fields[18]
  } catch {
    return undefined
  }
}
