import { expect } from 'vitest'
import { type Scene, scenario } from '../kit/scenario.ts'

interface Made {
  readonly Id: string
  readonly Name: string
  readonly Config: Record<string, unknown>
  readonly HostConfig: Record<string, unknown>
}

/** Removes a container and makes it anew, labels and all, as programs do that update containers behind everybody's back. */
async function anew(s: Scene, service: string, change: (made: Made) => Record<string, unknown>) {
  const made = (await s.container(service)) as unknown as Made
  const { Hostname: _, ...config } = made.Config
  await s.engine.call('DELETE', `/containers/${made.Id}?force=1`)
  const body = { ...config, HostConfig: made.HostConfig, ...change({ ...made, Config: config }) }
  const { Id } = (await s.engine.call('POST', `/containers/create?name=${made.Name.slice(1)}`, body)) as Made
  await s.engine.call('POST', `/containers/${Id}/start`)
}

scenario(
  'limits and the restart policy that somebody changed are put right in the same container',
  'drift',
  async s => {
    await s.gantry('up --detach')
    const { Id } = await s.container('web')
    const change = { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 }, CpuShares: 512 }
    await s.engine.call('POST', `/containers/${Id}/update`, { ...change, CpuShares: 0 })
    const { stdout } = await s.gantry('plan', { exit: 2 })
    expect(stdout).toMatch(/web-1\s+update\s+restart drifted "on-failure:3" -> "unless-stopped"/)
    await s.gantry('up --detach')
    expect(await s.container('web')).toMatchObject({
      Id,
      HostConfig: { RestartPolicy: { Name: 'unless-stopped' } },
    })
    await s.gantry('plan', { exit: 0 })
  },
)

scenario('a container that somebody made anew with the same labels is judged by what it is', 'drift', async s => {
  await s.gantry('up --detach')
  await anew(s, 'web', ({ Config, HostConfig }) => ({
    Env: [...(Config['Env'] as string[]).filter(e => !e.startsWith('LEVEL=')), 'LEVEL=debug', 'MORE=1'],
    HostConfig: {
      ...HostConfig,
      CapAdd: ['SYS_TIME'],
      Dns: [],
      Sysctls: { 'net.core.somaxconn': '512' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '9m' } },
      Ulimits: [{ Name: 'nofile', Soft: 500, Hard: 900 }],
      Binds: [`${s.project}_other:/data:rw`],
    },
    Labels: Config['Labels'],
    User: '1000',
  }))
  const { stdout } = await s.gantry('plan', { exit: 2 })
  for (const reason of [
    'environment.LEVEL drifted "debug" -> "info"',
    'environment.MORE drifted "1" ->',
    'cap_add drifted "SYS_TIME" -> "NET_ADMIN"',
    'dns drifted -> "192.0.2.1"',
    'sysctls.net.core.somaxconn drifted "512" -> "1024"',
    'logging.options.max-size drifted "9m" -> "1m"',
    'ulimits.nofile drifted "500:900" -> "1000"',
    `volumes./data drifted "${s.project}_other" -> "${s.project}_data"`,
    'user drifted "1000" ->',
  ])
    expect(stdout).toContain(reason)
  await s.gantry('up --detach')
  await s.gantry('plan', { exit: 0 })
  expect((await s.container('web')).Config.Env).toContain('LEVEL=info')
})

scenario('each attribute that changes is told, with both its values and no secret', 'drift', async s => {
  await s.gantry('up --detach')
  const edits: readonly (readonly [string, string])[] = [
    ['NET_ADMIN', 'NET_RAW'],
    ['192.0.2.1', '192.0.2.2'],
    ['max-size: 1m', 'max-size: 2m'],
    ['1024', '2048'],
    ['nofile: 1000', 'nofile: 2000'],
    ['data:/data', 'other:/data'],
    ['DB_PASSWORD: one', 'DB_PASSWORD: two'],
  ]
  for (const [from, to] of edits) await s.edit('compose.yaml', from, to)
  const { stdout } = await s.gantry('plan', { exit: 2 })
  for (const reason of [
    'cap_add "NET_ADMIN" -> "NET_RAW"',
    'dns "192.0.2.1" -> "192.0.2.2"',
    'environment.DB_PASSWORD "********" -> "********"',
    'logging.options.max-size "1m" -> "2m"',
    'sysctls.net.core.somaxconn "1024" -> "2048"',
    'ulimits.nofile "1000" -> "2000"',
    `volumes./data "${s.project}_data" -> "${s.project}_other"`,
  ])
    expect(stdout).toContain(reason)
})

scenario('a container that somebody stopped is started, one that somebody removed is made', 'drift', async s => {
  await s.gantry('up --detach')
  await s.engine.call('POST', `/containers/${(await s.container('web')).Id}/stop?t=0`)
  expect((await s.gantry('plan', { exit: 2 })).stdout).toMatch(/web-1\s+start\s/)
  await s.gantry('up --detach')
  await s.engine.call('DELETE', `/containers/${(await s.container('web')).Id}?force=1`)
  expect((await s.gantry('plan', { exit: 2 })).stdout).toMatch(/web-1\s+create\s/)
  await s.gantry('up --detach')
  expect(await s.states()).toEqual(['web-1 running'])
})
