import { expect, test } from 'vitest'
import type { ContainerSpec, LiveMount } from '../../../src/engine/engine.ts'
import { mountsUnlike } from '../../../src/local/judge/live-mounts.ts'
import type { Service } from '../../../src/model/project.ts'

const bind = (source: string, target: string, rw = true): LiveMount => ({ type: 'bind', source, target, rw })
const volume = (name: string, target: string): LiveMount => ({
  type: 'volume',
  name,
  source: `/var/lib/docker/volumes/${name}/_data`,
  target,
  rw: true,
})

/** "volumes./data: old -> new" */
function told(asked: Partial<ContainerSpec>, live: readonly LiveMount[], service: Service = {}): string[] {
  const spec = { image: 'x', labels: {}, ...asked }
  return mountsUnlike(service, spec, live).map(({ path, from = '', to = '' }) => `${path}: ${from} -> ${to}`)
}

test('a mount of another volume is told by where it is', () => {
  expect(told({ binds: ['shop_data:/data:rw'] }, [volume('old', '/data')])).toEqual(['volumes./data: old -> shop_data'])
})

test('one that is read-only now, one that is missing and one that nobody asks for any more', () => {
  const asked = { binds: ['/srv/a:/a:ro', '/srv/b:/b:rw'] }
  expect(told(asked, [bind('/srv/a/', '/a'), bind('/srv/c', '/c', false)])).toEqual([
    'volumes./a: /srv/a/ -> /srv/a (read-only)',
    'volumes./b:  -> /srv/b',
    'volumes./c: /srv/c (read-only) -> ',
  ])
})

test('anonymous volumes are those of the image, or come from the container before', () => {
  const anonymous = volume('f'.repeat(64), '/data')
  expect(told({}, [anonymous])).toEqual([])
  expect(told({ mounts: [{ type: 'volume', target: '/data' }] }, [anonymous])).toEqual([])
})

test('paths that Docker Desktop tells under its own, and those of Windows, are the same', () => {
  expect(told({ binds: ['/Users/ann:/a:rw'] }, [bind('/host_mnt/Users/ann', '/a')])).toEqual([])
  expect(told({ binds: ['C:\\ann:/a:rw'] }, [bind('C:\\ann', '/a')])).toEqual([])
})

test('what other containers lend is theirs', () => {
  expect(told({ volumes_from: ['web'] }, [volume('theirs', '/data')])).toEqual([])
})

test('secrets and configs are told by their names', () => {
  const asked = { mounts: [{ type: 'bind', source: '/srv/pw', target: '/run/secrets/pw', read_only: true }] }
  const service = { secrets: [{ source: 'pw' }] }
  expect(told(asked, [], service)).toEqual(['secrets.pw:  -> /srv/pw (read-only)'])
  expect(told({}, [bind('/srv/pw', '/run/secrets/pw', false)], service)).toEqual([])
})

test('memory file systems are settings, not mounts', () => {
  expect(told({}, [{ type: 'tmpfs', source: '', target: '/tmp', rw: true }])).toEqual([])
})
