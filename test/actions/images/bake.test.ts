import { expect, test } from 'vitest'
import { bakeFile } from '../../../src/actions/images/bake.ts'
import type { Project } from '../../../src/model/project.ts'
import { aProject } from '../../kit/project.ts'

const project: Project = aProject(
  {
    app: {
      build: {
        context: '/shop/app',
        target: 't',
        args: { A: '1', B: '${x}', C: null },
        tags: ['a:1'],
        additional_contexts: { base: 'service:ba.se', beside: '/shop/beside', named: 'service:other' },
        secrets: [{ source: 'token' }, { source: 'file', target: 'id' }],
        ssh: { default: '', key: '/key' },
        cache_from: ['x/y'],
        cache_to: ['type=inline'],
        extra_hosts: { h: ['1.2.3.4'] },
        ulimits: { nofile: { soft: 1, hard: 2 }, nproc: { single: 5 } },
        shm_size: 65536,
        network: 'host',
        no_cache: true,
        pull: true,
        privileged: true,
        platforms: ['linux/amd64'],
        provenance: 'mode=max',
        sbom: 'true',
      },
    },
    'ba.se': { image: 'own/base:1', build: { context: '/shop', dockerfile_inline: 'FROM a\nENV X=${Y}\n' } },
    other: { image: 'x:1' },
    apart: { build: { context: '/shop', provenance: 'false' } },
  },
  { secrets: { token: { environment: 'TOKEN', content: 'hunter2' }, file: { file: '/shop/secret' } } },
)

const labels = (service: string) => ({
  'com.docker.compose.project': 'shop',
  'com.docker.compose.service': service,
  'com.docker.compose.version': '5.5.0',
})

test('a build is a target as docker compose writes it, and what it is built on is one of those asked for', () => {
  const text = bakeFile(project, { services: ['app'] })
  expect(text).not.toContain('hunter2')
  expect(JSON.parse(text)).toEqual({
    group: { default: { targets: ['app', 'ba_se'] } },
    target: {
      app: {
        context: '/shop/app',
        contexts: { base: 'target:ba_se', beside: '/shop/beside', named: 'docker-image://x:1' },
        dockerfile: '/shop/app/Dockerfile',
        args: { A: '1', B: '$${x}' },
        labels: labels('app'),
        tags: ['a:1', 'shop-app'],
        'cache-from': ['x/y'],
        'cache-to': ['type=inline'],
        target: 't',
        secret: ['id=token,type=env,env=TOKEN', 'id=id,type=file,src=/shop/secret'],
        ssh: ['default=', 'key=/key'],
        platforms: ['linux/amd64'],
        pull: true,
        'no-cache': true,
        network: 'host',
        'shm-size': '65536',
        ulimits: ['nofile=1:2', 'nproc=5'],
        entitlements: ['security.insecure', 'network.host'],
        'extra-hosts': { h: '1.2.3.4' },
        output: ['type=docker'],
        attest: ['type=provenance,mode=max', 'type=sbom'],
      },
      ba_se: {
        context: '/shop',
        'dockerfile-inline': 'FROM a\nENV X=$${Y}\n',
        labels: labels('ba.se'),
        tags: ['own/base:1'],
        output: ['type=docker'],
      },
      apart: {
        context: '/shop',
        dockerfile: '/shop/Dockerfile',
        labels: labels('apart'),
        tags: ['shop-apart'],
        output: ['type=docker'],
        attest: ['type=provenance,disabled=true'],
      },
    },
  })
})

test('without names all that is built is asked for', () => {
  expect(JSON.parse(bakeFile(project)).group.default.targets).toEqual(['apart', 'app', 'ba_se'].toSorted())
})
