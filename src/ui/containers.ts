import type { Status } from '../actions/status.ts'
import { exitMeaning } from '../base/exit-code.ts'
import { clean } from './clean.ts'
import { portsText } from './ports.ts'
import { fit } from './width.ts'
import { roughly } from './words.ts'

/** A container with the field names and the texts that docker compose's formats have. */
export function containerFields(c: Status, { full = false, now = Date.now() } = {}) {
  const ago = `${roughly(now - c.created)} ago`
  return {
    Command: JSON.stringify(fit(clean(c.command), full ? Number.POSITIVE_INFINITY : 20)),
    CreatedAt: createdAt(c.created),
    Engine: '',
    ExitCode: c.exitCode,
    Health: c.health,
    ID: full ? c.id : c.id.slice(0, 12),
    Image: clean(c.image),
    Labels: Object.entries(c.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    LocalVolumes: String(c.localVolumes),
    Mounts: c.mounts.map(name => fit(name, full ? Number.POSITIVE_INFINITY : 15)).join(','),
    Name: c.name,
    Names: c.name,
    Networks: c.networks.join(','),
    Ports: portsText(c.ports),
    Project: c.project,
    Publishers: publishers(c),
    RunningFor: ago,
    Service: c.service,
    Size: '0B',
    State: c.state,
    Status: c.status,
  }
}

export type ContainerFields = ReturnType<typeof containerFields>

/** "Exited (137) 2 minutes ago" with what the code stands for, for people; scripts find the engine's words in a pipe. */
export const spokenStatus = (status: string): string =>
  status.replace(/(?<=^(?:Exited|Restarting) \()\d+(?=\))/, code => {
    const meaning = code === '0' ? undefined : exitMeaning(Number(code))
    return meaning === undefined ? code : `${code}: ${meaning}`
  })

/** The columns of `ps`. */
export const containerColumns: readonly (readonly [head: string, field: keyof ContainerFields])[] = [
  ['NAME', 'Name'],
  ['IMAGE', 'Image'],
  ['COMMAND', 'Command'],
  ['SERVICE', 'Service'],
  ['CREATED', 'RunningFor'],
  ['STATUS', 'Status'],
  ['PORTS', 'Ports'],
]

function publishers({ ports }: Status) {
  return ports
    .toSorted((a, b) => a.target - b.target)
    .map(({ ip, target, published, protocol }) => ({
      URL: ip,
      TargetPort: target,
      PublishedPort: published,
      Protocol: protocol,
    }))
}

/** `2026-11-21 10:00:00 +0000 UTC`, as Go prints a local time. */
function createdAt(time: number): string {
  const date = new Date(time)
  const two = (n: number) => String(n).padStart(2, '0')
  const offset = -date.getTimezoneOffset()
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const name = offset === 0 ? 'UTC' : zone
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone} ${name}`
}
