import { expect, test } from 'vitest'
import { portsText } from '../../src/ui/ports.ts'

const port = (text: string) => {
  const [, ip = '', published = '0', target, protocol] = /^(?:(.*):(\d+)->)?(\d+)\/(\w+)$/.exec(text)!
  return { ip, published: Number(published), target: Number(target), protocol: protocol! }
}
const ports = (...texts: string[]) => portsText(texts.map(port))

test('a port that is only exposed is told without an address', () => {
  expect(ports('6379/tcp')).toBe('6379/tcp')
})

test('ports mapped to another number come last, IPv6 in brackets', () => {
  expect(ports(':::18480->80/tcp', '0.0.0.0:18480->80/tcp', '0.0.0.0:32789->80/tcp', '443/tcp')).toBe(
    '443/tcp, 0.0.0.0:18480->80/tcp, 0.0.0.0:32789->80/tcp, [::]:18480->80/tcp',
  )
})

test('neighbours with the same number inside and outside become a range', () => {
  expect(
    ports('0.0.0.0:8000->8000/tcp', '0.0.0.0:8001->8001/tcp', '0.0.0.0:8002->8002/tcp', '9000/tcp', '9001/tcp'),
  ).toBe('0.0.0.0:8000-8002->8000-8002/tcp, 9000-9001/tcp')
})
