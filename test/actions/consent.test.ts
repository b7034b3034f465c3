import { expect, test } from 'vitest'
import type { Event } from '../../src/actions/event.ts'
import { up } from '../../src/actions/up.ts'
import { LABEL } from '../../src/model/names.ts'
import { fakeEngine } from '../kit/fake-engine.ts'
import { quietly } from '../kit/run.ts'
import { shop } from '../kit/shop.ts'

const of = (driver_opts: Readonly<Record<string, string>>) =>
  shop({
    services: { db: { volumes: [{ type: 'volume', source: 'data', target: '/data' }] } },
    volumes: { data: { driver_opts } },
  })

/** Whether a volume that another container uses is made anew, where that one comes after the first look; and what is told. */
async function withUser(project: string) {
  const fake = fakeEngine({ images: ['app:1'] })
  await up(of({}), quietly(fake))
  const events: Event[] = []
  const mounts = [{ type: 'volume' as const, source: 'shop_data', target: '/data' }]
  const labels = { [LABEL.project]: project, [LABEL.working_dir]: `/srv/${project}` }
  await up(of({ size: '1g' }), {
    ...quietly(fake, events),
    ask: () => Promise.resolve(false),
    engine: {
      ...fake.engine,
      async listContainers(filter) {
        if (filter.volume !== undefined)
          await fake.engine.createContainer('late', { image: 'app:1', labels, mounts }).catch(() => {})
        return fake.engine.listContainers(filter)
      },
    },
  })
  return events.flatMap(e => (e.type === 'problem' ? [e.problem.message] : []))
}

test('a volume that another project uses is named as shared', async () => {
  expect(await withUser('other')).toContain('volume "shop_data" cannot be made anew: "late" of another project uses it')
})

test('a container that another command of the same project has just made is not another project’s', async () => {
  expect((await withUser('shop')).join()).not.toContain('of another project')
})
