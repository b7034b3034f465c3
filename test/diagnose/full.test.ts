import { expect, test } from 'vitest'
import { aSubject, codesOf, diagnosed } from '../kit/subject.ts'

const failed = (line: string) => aSubject({ container: { exitCode: 1 }, log: [line] })

test('a program without room in memory has filled /dev/shm, or its tmpfs', () => {
  expect(codesOf(failed('OSError: [Errno 28] No space left on device: /dev/shm/x'))).toEqual(['shm-or-tmpfs-full'])
  const services = { web: { tmpfs: ['/scratch:size=1m'] } }
  expect(codesOf(failed("dd: error writing '/scratch/big': No space left on device"), { services })).toEqual([
    'shm-or-tmpfs-full',
  ])
  const volumes = [{ type: 'tmpfs', target: '/cache' }] as const
  expect(codesOf(failed('write /cache/x: no space left on device'), { services: { web: { volumes } } })).toEqual([
    'shm-or-tmpfs-full',
  ])
})

test('a program without room elsewhere finds a disk full: the engine’s, or the one that is mounted', () => {
  expect(diagnosed([failed('write /var/log/app.log: no space left on device')]).findings).toMatchObject([
    {
      code: 'disk-full',
      certainty: 'likely',
      message: '"web" finds no room for "/var/log/app.log": the engine’s disk is full',
    },
  ])
  const mounts = [{ type: 'bind', source: '/srv/data', target: '/data', rw: true }]
  const bound = aSubject({ container: { exitCode: 1, mounts }, log: ['/data/x: No space left on device'] })
  expect(diagnosed([bound]).findings[0]?.message).toBe(
    '"web" finds no room for "/data/x": the disk that holds "/srv/data" is full',
  )
})
