import { expect, test } from 'vitest'
import { memory } from '../../../src/load/files.ts'
import type { LoadOptions } from '../../../src/load/options.ts'
import { usedVariables } from '../../../src/load/variables/variable-list.ts'

const remote = { folder: '/cache/part', file: '/cache/part/compose.yaml' }

async function names(files: Record<string, string>, options: Partial<LoadOptions> = {}) {
  const used = await usedVariables({
    cwd: '/srv/demo',
    env: {},
    filesystem: memory(files),
    fetch: () => Promise.resolve(remote),
    ...options,
  })
  return used.map(v => [v.name, v.default, v.alternate, v.required].filter(Boolean).join(' '))
}

test('variables are those of files and of all that they include, with what stands in for them', async () => {
  expect(
    await names({
      '/srv/demo/compose.yaml': 'include: [sub/b.yaml]\nservices: {a: {image: "${A:-x}${A:?}", command: "${B:+y}"}}',
      '/srv/demo/sub/b.yaml': 'services: {b: {image: "$C"}}',
    }),
  ).toEqual(['A x true', 'B y', 'C'])
})

test('they are those of env files, save what a line above sets', async () => {
  expect(
    await names({
      '/srv/demo/compose.yaml':
        'include: [sub/b.yaml]\nservices: {a: {image: x, env_file: [a.env, {path: raw.env, format: raw}], label_file: l}}',
      '/srv/demo/.env': 'OWN=1\nX=${OWN}${DOT:-d}\n',
      '/srv/demo/a.env': 'A=$IN_ENV_FILE\nB=$A\n',
      '/srv/demo/raw.env': 'A=$NOT_READ\n',
      '/srv/demo/l': 'l=$IN_LABELS\n',
      '/srv/demo/sub/b.yaml': 'services: {}',
      '/srv/demo/sub/.env': 'Y=$IN_SUB\n',
    }),
  ).toEqual(['DOT d', 'IN_ENV_FILE', 'IN_LABELS', 'IN_SUB'])
})

test('they are those of parts that lie elsewhere', async () => {
  expect(
    await names({
      '/srv/demo/compose.yaml': 'include: ["oci://r.example/part:1"]',
      '/cache/part/compose.yaml': 'services: {b: {image: "y:${TAG:-1}", env_file: b.env}}',
      '/cache/part/b.env': 'A=$IN_PART\n',
    }),
  ).toEqual(['IN_PART', 'TAG 1'])
})

test('a part makes nobody read files outside its folder', async () => {
  const outside = names({
    '/srv/demo/compose.yaml': 'include: ["oci://r.example/part:1"]',
    '/cache/part/compose.yaml': 'services: {b: {image: y, env_file: /srv/demo/mine.env}}',
    '/srv/demo/mine.env': 'A=$MINE\n',
  })
  await expect(outside).rejects.toThrow('a remote part may not name "/srv/demo/mine.env"')
})
