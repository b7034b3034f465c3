import { describe, expect, test } from 'vitest'
import { configText } from '../../../src/actions/config/config.ts'
import { memory } from '../../../src/load/files.ts'
import { load } from '../../../src/load/load.ts'
import { select } from '../../../src/model/select.ts'

async function printed(text: string, format: 'yaml' | 'json', env: Record<string, string> = {}): Promise<string> {
  const files = { '/srv/demo/compose.yaml': text }
  const { project } = await load({ cwd: '/srv/demo', env, filesystem: memory(files) })
  return configText(select(project, {}), { format, escape: true })
}

const json = async (text: string, env?: Record<string, string>) =>
  JSON.parse(await printed(text, 'json', env)) as Record<string, Record<string, Record<string, unknown>>>

describe('JSON, as docker compose prints it', () => {
  test('has two blanks for each level and no line feed at its end', async () => {
    const text = await printed('services: {}\nname: a\nvolumes: {}', 'json')
    expect(text).toBe('{\n  "name": "a",\n  "services": {}\n}')
  })

  test('has no models and no extensions but those at the top', async () => {
    const file = 'x-top: 1\nservices: {a: {image: x, x-own: 1, models: [m]}}\nmodels: {m: {model: y}}'
    expect(Object.keys(await json(file)).toSorted()).toEqual(['name', 'networks', 'services', 'x-top'])
    expect((await json(file))['services']!['a']).not.toHaveProperty('x-own')
    const yaml = await printed(file, 'yaml')
    expect(yaml).toContain('x-own: 1')
    expect(yaml).toContain('models:\n  m:\n    model: "y"')
  })

  test('has command and entrypoint always, and what is empty inside networks, deploy and watch', async () => {
    const { services, networks } = await json(
      'services: {a: {image: x, deploy: {}, develop: {watch: [{path: ., action: rebuild}]}}}',
    )
    expect(services!['a']).toMatchObject({
      command: null,
      entrypoint: null,
      deploy: { resources: {}, placement: {} },
      develop: { watch: [{ path: '/srv/demo', action: 'rebuild', exec: { command: null } }] },
    })
    expect(networks!['default']).toEqual({ name: 'demo_default', ipam: {} })
  })

  test('has sizes as text, durations as Go writes them, modes with a zero, and Go’s names of disks', async () => {
    const file = `services:
  a:
    image: x
    mem_limit: 1g
    cpus: 1.50
    stop_grace_period: 90s
    blkio_config: {device_read_bps: [{path: /dev/a, rate: 1k}], weight_device: [{path: /dev/a, weight: 5}]}
    secrets: [{source: s, mode: 0440}]
    volumes: ["./a:/a", {type: bind, source: ./b, target: /b, bind: {create_host_path: false}}]
secrets: {s: {file: ./s}}`
    expect((await json(file))['services']!['a']).toMatchObject({
      mem_limit: '1073741824',
      cpus: 1.5,
      stop_grace_period: '1m30s',
      blkio_config: {
        device_read_bps: [{ Path: '/dev/a', Rate: '1024' }],
        weight_device: [{ Path: '/dev/a', Weight: 5 }],
      },
      secrets: [{ source: 's', target: '/run/secrets/s', mode: '0440' }],
      volumes: [{ bind: {} }, { bind: { create_host_path: false } }],
    })
    expect(await printed(file, 'yaml')).toContain('device_read_bps:\n        - path: /dev/a\n          rate: "1024"')
  })

  test('has keys for ssh with a path, where docker compose’s own cannot be written', async () => {
    const { services } = await json('services: {a: {build: {context: ., ssh: ["k=./key", default]}}}')
    expect(services!['a']!['build']).toMatchObject({ ssh: ['default', 'k=/srv/demo/key'] })
  })
})

test.each(['yaml', 'json'] as const)('values of secrets and of configs from variables are not in %s', async format => {
  const file = `services: {a: {image: x, secrets: [s], configs: [c]}}
secrets: {s: {environment: S}}
configs: {c: {environment: C}}`
  const text = await printed(file, format, { S: 'hunter2', C: 'hunter3' })
  expect(text).not.toContain('hunter')
  expect(text).toContain('environment')
})

test('every dollar is doubled, also in keys', async () => {
  expect(await printed('services: {a: {image: x, labels: {"a$b": "$$c"}}}', 'yaml')).toContain('a$$b: $$c')
})
