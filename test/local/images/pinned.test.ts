import { describe, expect, test } from 'vitest'
import { foreignImages, withImages } from '../../../src/local/images/pinned.ts'
import type { Service } from '../../../src/model/project.ts'
import { aProject } from '../../kit/project.ts'

const project = (services: Record<string, Service>) => aProject(services)

describe('images of registries', () => {
  test('are those of services, mounts and hooks, each once', () => {
    const shop = project({
      a: {
        image: 'web:1',
        volumes: [{ type: 'image', source: 'data:1', target: '/d' }],
        pre_start: [{ image: 'tool:1', command: ['x'] }],
      },
      b: { image: 'web:1' },
    })
    expect(foreignImages(shop).map(({ image, path }) => `${image} in ${path.join('.')}`)).toEqual([
      'web:1 in services.a.image',
      'data:1 in services.a.volumes',
      'tool:1 in services.a.pre_start',
    ])
  })

  test('are not what is only built, and told apart where it can be built as well', () => {
    const shop = project({ a: { build: { context: '.' } }, b: { image: 'web:1', build: { context: '.' } } })
    expect(foreignImages(shop)).toMatchObject([{ image: 'web:1', service: 'b', buildable: true }])
  })
})

test('images get other names wherever they are named, and only they', () => {
  const shop = project({
    a: {
      image: 'web:1',
      volumes: [{ type: 'image', source: 'web:1', target: '/d' }],
      pre_start: [{ image: 'tool:1' }],
    },
    b: { image: 'db:1', volumes: [{ type: 'volume', source: 'web:1', target: '/d' }] },
  })
  const { a, b } = withImages(shop, image => (image === 'db:1' ? undefined : `${image}@d`)).services
  expect(a!.image).toBe('web:1@d')
  expect(a!.volumes![0]!.source).toBe('web:1@d')
  expect(a!.pre_start![0]!.image).toBe('tool:1@d')
  expect(b).toEqual(shop.services['b'])
})
