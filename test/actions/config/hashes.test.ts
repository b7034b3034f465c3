import { describe, expect, test } from 'vitest'
import { configHashes } from '../../../src/actions/config/hashes.ts'
import { memory } from '../../../src/load/files.ts'
import { load } from '../../../src/load/load.ts'

async function hash(service: string, rest = ''): Promise<string> {
  const files = { '/srv/demo/compose.yaml': `services:\n  a: {image: x, ${service}}\n  b: {image: y}\n${rest}` }
  const { project } = await load({ cwd: '/srv/demo', env: {}, filesystem: memory(files) })
  return configHashes(project, 'a')[0]!
}

test('the hash of the smallest service is docker compose’s', async () => {
  expect(await hash('')).toMatch(/^a d5457d0b[0-9a-f]{50}9e8953$/)
})

describe('what is of no concern to a container is not in it', () => {
  test.each([
    'build: .',
    'pull_policy: always',
    'scale: 3',
    'profiles: []',
    'depends_on: [b]',
    'environment: {}',
    'x-own: 1',
    'logging: {x-own: 1}, labels: {}',
  ])('%s', async service => {
    const plain = service.startsWith('logging') ? await hash('logging: {}') : await hash('')
    expect(await hash(service)).toBe(plain)
  })

  test('replicas, and the name of the project', async () => {
    expect(await hash('deploy: {replicas: 3}')).toBe(await hash('deploy: {}'))
    expect(await hash('', 'name: other\n')).toBe(await hash(''))
  })
})

test('what a container would notice is in it, and what docker compose counts', async () => {
  const services = [
    '',
    'deploy: {}',
    'command: []',
    'entrypoint: []',
    'environment: {A: }',
    'develop: {watch: []}',
    'attach: false',
  ]
  const hashes = await Promise.all(services.map(service => hash(service)))
  expect(new Set(hashes).size).toBe(services.length)
})

test('what an env file says counts as what the service says', async () => {
  const files = {
    '/srv/demo/compose.yaml': 'services:\n  a: {image: x, env_file: a.env}\n  b: {image: x, environment: {A: "1"}}\n',
    '/srv/demo/a.env': 'A=1\n',
  }
  const { project } = await load({ cwd: '/srv/demo', env: {}, filesystem: memory(files) })
  const [a, b] = configHashes(project, '*').map(line => line.split(' ')[1])
  expect(a).toBe(b)
})
