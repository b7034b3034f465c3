import { defined } from '../../base/defined.ts'
import type { PortBinding } from '../../engine/engine.ts'
import type { Port, Service } from '../../model/project.ts'

/** "80/tcp" for every port that is exposed or published, ranges written out. */
export function exposed(service: Service): readonly string[] | undefined {
  const all = [...(service.expose ?? []).flatMap(expand), ...(service.ports ?? []).map(target)]
  return all.length > 0 ? [...new Set(all)] : undefined
}

export function portBindings(service: Service): readonly PortBinding[] | undefined {
  if (!service.ports?.length) return undefined
  return service.ports.map(port =>
    defined({ container: target(port), host_ip: port.host_ip, host_port: port.published ?? '' }),
  )
}

function target(port: Port): string {
  return `${port.target}/${port.protocol || 'tcp'}`
}

/** "90-91/udp" → "90/udp", "91/udp" */
function expand(text: string): readonly string[] {
  const [range, protocol = 'tcp'] = text.split('/')
  const [first, last = first] = range!.split('-').map(Number)
  return Array.from({ length: last! - first! + 1 }, (_, i) => `${first! + i}/${protocol}`)
}
