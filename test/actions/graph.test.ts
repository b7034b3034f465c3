import { expect, test } from 'vitest'
import { graph } from '../../src/actions/graph.ts'
import { shop } from '../kit/shop.ts'

const project = shop({
  services: {
    web: {
      ports: [{ target: 80, published: '8080', protocol: 'tcp', mode: 'ingress' }],
      depends_on: { db: { condition: 'service_started', restart: false, required: true } },
    },
    db: {},
  },
})

test('services are nodes and what they depend on are edges', () => {
  expect(graph(project)).toBe(
    [
      'digraph "shop" {',
      '\tlayout=dot;',
      '\t"web" [style="filled" label=<<font point-size="15">web</font>>];',
      '\t"db" [style="filled" label=<<font point-size="15">db</font>>];',
      '',
      '\t"web" -> "db";',
      '}',
      '',
    ].join('\n'),
  )
})

test('images, networks and ports are told where they are asked for', () => {
  const text = graph(project, { image: true, networks: true, ports: true })
  for (const word of ['image app:1', 'network default', 'port 8080:80/tcp']) expect(text).toContain(word)
})
