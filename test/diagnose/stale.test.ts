import { describe, expect, test } from 'vitest'
import { aSubject, codesOf, diagnosed } from '../kit/subject.ts'

describe('a file that is mounted from the host', () => {
  const bind = { type: 'bind', source: '/srv/shop/app.conf', target: '/etc/app.conf', rw: false }
  const web = aSubject({ container: { state: 'running', mounts: [bind] } })
  const mountinfo = { what: 'inside', container: 'web-id', command: ['cat', '/proc/self/mountinfo'] } as const
  const told = (root: string, target = '/etc/app.conf') =>
    diagnosed([web], {
      facts: [[mountinfo, { output: `765 745 254:0 ${root} ${target} ro,relatime - ext4 /dev/vda rw\n` }]],
      services: { web: { volumes: [{ ...bind, type: 'bind' }] } },
    }).findings

  test('is stale where it was replaced after the start: the container keeps the old one', () => {
    expect(told('/srv/shop/app.conf//deleted')).toMatchObject([
      {
        code: 'bind-file-replaced',
        severity: 'warning',
        certainty: 'certain',
        message: '"web" does not see what "/srv/shop/app.conf" is now: it was replaced after the start',
        evidence: [{ field: 'mounted at /etc/app.conf', value: '/srv/shop/app.conf//deleted' }],
      },
    ])
  })

  test('is stale where the old one was kept under the name of a backup, on a disk of its own too', () => {
    for (const root of ['/srv/shop/app.conf~', '/srv/shop/app.conf.bak', '/shop/app.conf.bak'])
      expect(told(root)).toMatchObject([{ code: 'bind-file-replaced' }])
  })

  test('is well where it is the same, where it is reached by a link of another name, and where nobody can tell', () => {
    for (const root of ['/srv/shop/app.conf', '/shop/app.conf', '/usr/share/app/default'])
      expect(told(root)).toEqual([])
    expect(told('/x//deleted', '/etc/other.conf')).toEqual([])
    expect(diagnosed([web]).findings).toEqual([])
  })

  test('is asked of containers that run only', () => {
    const gone = aSubject({ container: { state: 'exited', mounts: [bind] } })
    expect(diagnosed([gone]).wanted).toEqual([])
  })
})

describe('a named volume over the folder of the program', () => {
  const mount = { type: 'volume', name: 'shop_code', source: '/var/lib/docker/volumes/shop_code/_data', rw: true }
  const image = { created: 500_000 }
  const made = { what: 'volume', volume: 'shop_code' } as const
  const codes = (target: string, created: number, volumes: readonly string[] = []) =>
    codesOf(
      aSubject({
        container: { state: 'running', mounts: [{ ...mount, target }], spec: { working_dir: '/app' } },
        image: { ...image, volumes },
      }),
      { facts: [[made, { created }]] },
    )

  test('is stale where the image is newer', () => {
    expect(codes('/app', 400_000)).toEqual(['stale-named-volume'])
  })

  test('is well where it is newer than the image, where it holds data, and where the image wants a volume there', () => {
    expect(codes('/app', 600_000)).toEqual([])
    expect(codes('/app', 499_100)).toEqual([])
    expect(codes('/app/data', 400_000)).toEqual([])
    expect(codes('/app', 400_000, ['/app'])).toEqual([])
  })
})
