import { dependencies } from '../model/graph.ts'
import type { Project, Service } from '../model/project.ts'

export interface GraphOptions {
  readonly image?: boolean
  readonly networks?: boolean
  readonly ports?: boolean
  /** What a level is indented by. */
  readonly indent?: string
}

/** The services and what they depend on, for graphviz, laid out as docker compose's `alpha viz` lays it out. */
export function graph({ name, services }: Project, { indent = '\t', ...wishes }: GraphOptions = {}): string {
  const nodes = Object.entries(services).map(([key, service]) => {
    const lines = [`<font point-size="15">${escaped(key)}</font>`, ...details(service, wishes)]
    return `${indent}${quoted(key)} [style="filled" label=<${lines.join('<br/>')}>];\n`
  })
  const edges = Object.entries(services).flatMap(([key, service]) =>
    [...dependencies(service).keys()]
      .filter(other => Object.hasOwn(services, other))
      .map(other => `${indent}${quoted(key)} -> ${quoted(other)};\n`),
  )
  return `digraph ${quoted(name)} {\n${indent}layout=dot;\n${nodes.join('')}\n${edges.join('')}}\n`
}

function details(service: Service, { image, networks, ports }: GraphOptions): string[] {
  const rows = [
    ...(networks ? Object.keys(service.networks ?? {}).map(network => `network ${network}`) : []),
    ...(ports ? (service.ports ?? []).map(port => `port ${port.published ?? ''}:${port.target}/${port.protocol}`) : []),
    ...(image && service.image !== undefined ? [`image ${service.image}`] : []),
  ]
  return rows.map(row => `<font point-size="10">${escaped(row)}</font>`)
}

const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
