import { expect, test } from 'vitest'
import type { ContainerDetail, ContainerSpec, LiveSettings } from '../../../src/engine/engine.ts'
import { settingsUnlike } from '../../../src/local/judge/live-settings.ts'

/** "cap_add: NET_ADMIN -> SYS_TIME", one a line. */
function told(asked: Partial<ContainerSpec>, live: Partial<LiveSettings>): string {
  const detail = { spec: { settings: { resources: {}, ...live } } } as unknown as ContainerDetail
  return settingsUnlike({ image: 'x', labels: {}, ...asked }, detail)
    .map(({ path, from = '', to = '' }) => `${path}: ${from} -> ${to}`)
    .join('\n')
}

test.each<[string, Partial<ContainerSpec>, Partial<LiveSettings>, string]>([
  [
    'a kernel parameter',
    { sysctls: { 'net.core.somaxconn': '1' } },
    { sysctls: { 'net.core.somaxconn': '2' } },
    'sysctls.net.core.somaxconn: 2 -> 1',
  ],
  ['one that nobody asks for', {}, { sysctls: { a: '2' } }, 'sysctls.a: 2 -> '],
  ['capabilities, however they are written', { cap_add: ['CAP_SYS_TIME'] }, { cap_add: ['SYS_TIME'] }, ''],
  ['another capability', { cap_drop: ['ALL'] }, {}, 'cap_drop:  -> ALL'],
  ['name servers', { dns: ['1.1.1.1'] }, { dns: ['8.8.8.8', '1.1.1.1'] }, 'dns: 8.8.8.8 1.1.1.1 -> 1.1.1.1'],
  [
    'a log driver',
    { logging: { driver: 'local' } },
    { logging: { driver: 'json-file' } },
    'logging.driver: json-file -> local',
  ],
  [
    'an option of it',
    { logging: { driver: 'local', options: { 'max-size': '1m' } } },
    { logging: { driver: 'local', options: { 'max-size': '2m' } } },
    'logging.options.max-size: 2m -> 1m',
  ],
  ['a log driver that the engine chose', {}, { logging: { driver: 'journald', options: { tag: 'x' } } }, ''],
  [
    'a limit',
    { resources: { ulimits: [{ name: 'nofile', soft: 1, hard: 2 }] } },
    { resources: { ulimits: [{ name: 'nofile', soft: 2, hard: 2 }] } },
    'ulimits.nofile: 2 -> 1:2',
  ],
  ['limits that the engine chose', {}, { resources: { ulimits: [{ name: 'nproc', soft: 2, hard: 2 }] } }, ''],
  [
    'a device',
    { resources: { devices: [{ host: '/dev/a', container: '/dev/b', permissions: 'rwm' }] } },
    {},
    'devices:  -> /dev/a:/dev/b',
  ],
  [
    'a port of every address, however that is said',
    { ports: [{ container: '80/tcp', host_port: '8080' }] },
    { ports: [{ container: '80/tcp', host_port: '8080', host_ip: '0.0.0.0' }] },
    '',
  ],
  [
    'a port',
    { ports: [{ container: '53/udp', host_port: '53', host_ip: '127.0.0.1' }] },
    {},
    'ports:  -> 127.0.0.1:53:53/udp',
  ],
  ['what a privileged container is given besides', { privileged: true }, { security_opt: ['label=disable'] }, ''],
  ['a profile, by its digest', { security_opt: ['seccomp={}'] }, {}, 'security_opt:  -> seccomp=1cb28981'],
  ['a namespace of a container', { ipc_mode: 'container:web' }, { ipc_mode: 'container:4242' }, ''],
  ['the size of shared memory', { shm_size: 2 ** 27 }, { shm_size: 2 ** 26 }, 'shm_size: 64M -> 128M'],
])('%s', (_, asked, live, expected) => expect(told(asked, live)).toBe(expected))
