import { expect, test } from 'vitest'
import { memory } from '../../../src/load/files.ts'
import { load } from '../../../src/load/load.ts'
import type { LoadOptions } from '../../../src/load/options.ts'

async function use(options: Partial<LoadOptions>) {
  const { remote } = await load({
    cwd: '/srv/demo',
    env: { TAG: '1', DB_PASSWORD: 'hunter2' },
    filesystem: memory({
      '/srv/demo/compose.yaml': 'include: ["oci://r.example/a:1"]',
      '/srv/demo/.env': 'FROM_FILE=f\n',
      '/cache/a/compose.yaml': `include: ["https://me:pw@git.example/b.git"]
services: {a: {image: "x:\${TAG:?}", environment: ["A=\${DB_PASSWORD}\${FROM_FILE}", "B=\${D:-d}\${NOPE}\${KEY:-secret}"]}}`,
      '/cache/b/compose.yaml': 'services: {b: {image: y}}',
    }),
    fetch: reference => {
      const folder = reference.startsWith('oci:') ? '/cache/a' : '/cache/b'
      return Promise.resolve({ folder, file: `${folder}/compose.yaml` })
    },
    ...options,
  })
  return remote
}

test('a project that lies elsewhere tells what it brings and what it takes, and no secret', async () => {
  expect(await use({ files: ['oci://r.example/a:1'] })).toEqual({
    reference: 'oci://r.example/a:1',
    folder: '/cache/a',
    parts: ['https://git.example/b.git'],
    variables: [
      { name: 'D', value: 'd', source: 'default', default: 'd', required: false },
      { name: 'DB_PASSWORD', value: '********', source: 'environment', default: '', required: false },
      { name: 'FROM_FILE', value: 'f', source: 'env file', default: '', required: false },
      { name: 'KEY', value: '********', source: 'default', default: '********', required: false },
      { name: 'NOPE', value: undefined, source: undefined, default: '', required: false },
      { name: 'TAG', value: '1', source: 'environment', default: '', required: true },
    ],
  })
})

test('a project of the user tells nothing of what it includes: he wrote it', async () => {
  expect(await use({})).toBeUndefined()
})
