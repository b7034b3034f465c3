import { expect, test } from 'vitest'
import type { Status } from '../../src/actions/status.ts'
import { containerFields, spokenStatus } from '../../src/ui/containers.ts'

const now = Date.parse('2026-11-21T10:00:05Z')
const status: Status = {
  id: 'a'.repeat(64),
  name: 'shop-db-1',
  project: 'shop',
  service: 'db',
  image: 'busybox',
  command: "sh -c 'echo db ready; echo db problem >&2; sleep 600'",
  created: now - 5000,
  state: 'running',
  status: 'Up 4 seconds (healthy)',
  health: 'healthy',
  exitCode: 0,
  ports: [{ ip: '0.0.0.0', target: 80, published: 18480, protocol: 'tcp' }],
  networks: ['shop_back', 'shop_front'],
  mounts: ['shop_data_with_a_long_name'],
  localVolumes: 1,
  labels: { a: '1', b: '2' },
}

test('a container has docker compose’s keys, in their order', () => {
  expect(Object.keys(containerFields(status)).join(' ')).toBe(
    'Command CreatedAt Engine ExitCode Health ID Image Labels LocalVolumes Mounts Name Names Networks Ports Project Publishers RunningFor Service Size State Status',
  )
})

test('texts are docker’s: the command quoted and cut, the id short, mounts cut', () => {
  expect(containerFields(status, { now })).toMatchObject({
    Command: '"sh -c \'echo db read…"',
    ID: 'aaaaaaaaaaaa',
    Labels: 'a=1,b=2',
    LocalVolumes: '1',
    Mounts: 'shop_data_with…',
    Networks: 'shop_back,shop_front',
    Ports: '0.0.0.0:18480->80/tcp',
    Publishers: [{ URL: '0.0.0.0', TargetPort: 80, PublishedPort: 18480, Protocol: 'tcp' }],
    RunningFor: '5 seconds ago',
  })
})

test('--no-trunc cuts nothing', () => {
  expect(containerFields(status, { now, full: true })).toMatchObject({
    Command: `"sh -c 'echo db ready; echo db problem >&2; sleep 600'"`,
    ID: 'a'.repeat(64),
    Mounts: 'shop_data_with_a_long_name',
  })
})

test('people are told what an exit code stands for, where it is more than the program’s own', () => {
  expect(spokenStatus('Exited (137) 2 minutes ago')).toBe('Exited (137: killed, SIGKILL) 2 minutes ago')
  expect(spokenStatus('Restarting (139) 1 second ago')).toBe(
    'Restarting (139: memory fault or abort, SIGSEGV) 1 second ago',
  )
  for (const status of ['Exited (3) 2 minutes ago', 'Exited (0) 1 second ago', 'Up 5 minutes (healthy)', 'Created'])
    expect(spokenStatus(status)).toBe(status)
})

test('publishers stand by the port inside, as docker compose has them', () => {
  const port = (target: number, published: number) => ({ ip: '0.0.0.0', target, published, protocol: 'tcp' as const })
  const { Publishers } = containerFields({ ...status, ports: [port(443, 1), port(80, 3), port(80, 2)] })
  expect(Publishers.map(p => p.PublishedPort)).toEqual([3, 2, 1])
})

test('a command is cut by the cells it takes, not by its characters', () => {
  expect(containerFields({ ...status, command: 'echo 日本語のとても長い説明' }).Command).toBe('"echo 日本語のとても…"')
})
