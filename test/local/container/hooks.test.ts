import { expect, test } from 'vitest'
import { postStart, preStart, preStop } from '../../../src/local/container/hooks.ts'
import { aProject } from '../../kit/project.ts'

const project = aProject(
  {
    web: {
      image: 'app',
      environment: { A: '1', B: '2' },
      networks: { default: null },
      pre_start: [{ command: ['migrate'], environment: { B: '3', C: null }, user: 'root' }, { image: 'other' }],
      post_start: [{ command: ['warm'], environment: { K: 'v' }, privileged: true }],
      pre_stop: [{ command: ['drain'], working_dir: '/w' }],
    },
    db: {},
  },
  { networks: { default: { name: 'shop_default' } } },
)

test('commands after start and before stop are run in the container', () => {
  expect(postStart(project, 'web')).toEqual([{ command: ['warm'], env: ['K=v'], privileged: true }])
  expect(preStop(project, 'web')).toEqual([{ command: ['drain'], working_dir: '/w' }])
  expect([postStart(project, 'db'), preStop(project, 'db')]).toEqual([[], []])
})

test('what runs before the start is a container of its own, on the service’s networks and volumes', () => {
  const given = { separator: '-', image: () => undefined, parent: () => undefined, features: new Set() } as const
  const [migrate, other] = preStart(project, 'web', 'shop-web-1', given as never)
  expect(migrate).toEqual({
    name: 'shop-web-pre_start-0',
    spec: {
      image: 'app',
      command: ['migrate'],
      user: 'root',
      env: ['A=1', 'B=3'],
      volumes_from: ['shop-web-1'],
      network_mode: 'shop_default',
      networks: [{ network: 'shop_default', aliases: ['shop-web-1', 'web'] }],
      labels: {
        'com.docker.compose.project': 'shop',
        'com.docker.compose.service': 'web',
        'com.docker.compose.version': '5.5.0',
        'com.docker.compose.project.working_dir': '/srv/shop',
        'com.docker.compose.hook': 'pre_start',
      },
    },
  })
  expect(other?.spec.image).toBe('other')
  expect(preStart(project, 'db', 'shop-db-1', given as never)).toEqual([])
})
