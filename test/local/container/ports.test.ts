import { expect, test } from 'vitest'
import { exposed, portBindings } from '../../../src/local/container/ports.ts'

test('every published port is exposed, and exposed ranges are written out', () => {
  const service = { expose: ['80', '90-91/udp', '443/tcp'], ports: [{ target: 53, protocol: 'udp' }, { target: 80 }] }
  expect(exposed(service)).toEqual(['80/tcp', '90/udp', '91/udp', '443/tcp', '53/udp'])
})

test('a port keeps its address, its range, and its freedom', () => {
  expect(
    portBindings({
      ports: [
        { target: 80, published: '8080', host_ip: '127.0.0.1', protocol: 'tcp' },
        { target: 81, published: '8000-8010' },
        { target: 53, protocol: 'udp' },
      ],
    }),
  ).toEqual([
    { container: '80/tcp', host_ip: '127.0.0.1', host_port: '8080' },
    { container: '81/tcp', host_port: '8000-8010' },
    { container: '53/udp', host_port: '' },
  ])
})

test('no ports say nothing', () => {
  expect(exposed({})).toBeUndefined()
  expect(portBindings({ ports: [] })).toBeUndefined()
})
