import { describe, expect, test } from 'vitest'
import { problems, written } from './read.ts'

const tcp = (target: number, more: object = {}) => ({ mode: 'ingress', target, protocol: 'tcp', ...more })

describe('a short port stands for long ones', () => {
  test.each([
    ['80', [tcp(80)]],
    ['"80"', [tcp(80)]],
    ['"8080:80"', [tcp(80, { published: '8080' })]],
    ['"8080:80/UDP"', [tcp(80, { published: '8080', protocol: 'udp' })]],
    ['"127.0.0.1:8080:80"', [tcp(80, { published: '8080', host_ip: '127.0.0.1' })]],
    ['"127.0.0.1::80"', [tcp(80, { host_ip: '127.0.0.1' })]],
    ['"[::1]:80:80"', [tcp(80, { published: '80', host_ip: '::1' })]],
    ['":80"', [tcp(80)]],
    ['"0:80"', [tcp(80, { published: '0' })]],
    ['"8000-8010:80"', [tcp(80, { published: '8000-8010' })]],
    ['"8000-8001:80-81"', [tcp(80, { published: '8000' }), tcp(81, { published: '8001' })]],
    ['"9-10"', [tcp(10), tcp(9)]],
  ])('%s', (port, expected) => expect(written('ports', `[${port}]`)).toEqual(expected))
})

test('a long port may be told in numbers; its mode and protocol have defaults', () => {
  expect(written('ports', '[{target: "80", published: 8080, protocol: TCP}]')).toEqual([
    { mode: 'ingress', target: 80, published: '8080', protocol: 'TCP' },
  ])
})

test('the same port is one, a number and a text are two', () => {
  expect(written('ports', '["80:80"]', '["81:80", "80:80"]')).toHaveLength(2)
  expect(written('ports', '["80:80"]', '[{target: 80, published: "80"}]')).toHaveLength(1)
  expect(written('ports', '["80:80"]', '[{target: 80, published: 80}]')).toHaveLength(2)
  expect(written('ports', '["80", 80]')).toHaveLength(1)
})

describe('what is no port is told with its place', () => {
  const usual = 'write HOST:CONTAINER, for example "8080:80"'
  test.each([
    ['"80:abc"', 'container port "abc" is not a number from 1 to 65535'],
    ['"0"', 'container port "0" is not a number from 1 to 65535'],
    ['"70000:80"', 'host port "70000" is not a number up to 65535'],
    ['"80:"', 'the container port is missing'],
    ['"host:80:80"', '"host" is not an IP address', 'write an address, as in "127.0.0.1:80:80"'],
    ['"::1:80:80"', 'an IPv6 address must stand in brackets', 'write "[::1]:80:80"'],
    ['"a:b:c:80"', 'it has too many colons'],
    [
      '"80-82:90-91"',
      'the ranges "80-82" and "90-91" differ in length',
      'give both as many ports, or one port of the container',
    ],
    ['"80/icmp"', '"icmp" is not a protocol', 'write /tcp, /udp or /sctp after the ports, or nothing'],
    ['" 80"', 'container port " 80" is not a number from 1 to 65535'],
  ])('%s', (port, why, hint = usual) => {
    expect(problems(`ports: [${port}]`)).toEqual([
      `error 3:13 ${port} is not a port: ${why}; ${hint}`.replace('"  ', '" '),
    ])
  })

  test('a float and true are none', () => {
    expect(problems('ports: [1.5, true]')).toEqual([
      'error 3:13 expected a port such as "8080:80", found the number 1.5; write a port such as "8080:80"',
      'error 3:18 expected a port such as "8080:80", found true; write a port such as "8080:80"',
    ])
  })

  test('the long form needs a target, and an address that is one', () => {
    expect(problems('ports: [{published: 80, host_ip: here}]')).toEqual([
      'error 3:38 "here" is not an IP address; write an address such as "127.0.0.1"',
      'error 3:13 "target" is missing; write "target:", a whole number',
    ])
  })
})
