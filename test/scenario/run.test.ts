import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { scenario } from '../kit/scenario.ts'

scenario('the container of run is made of all that the service’s own would be made of', 'run-made', async s => {
  const env = { DOCKER_CONFIG: join(s.folder, 'docker') }
  const { stdout } = await s.gantry('run --rm job sh /check', { env })
  const lines = stdout.split('\n').map(line => line.trim())
  expect(lines).toContain('DB_URL=tcp://cloud')
  expect(lines.filter(line => line === 'http_proxy=http://proxy.example:3128')).toHaveLength(1)
  expect(lines).toContain('http://proxy.example:3128')
  expect(stdout).toContain('"registry.example":{"auth":"YW5uOnNlc2FtZQ=="}')
  expect(lines).toContain('640')
  expect(lines).toContain('/var/run/docker.sock')
  expect(await readFile(join(s.folder, 'calls'), 'utf8')).toBe(`compose --project-name=${s.project} up db\n`)
  expect(await s.containers()).toEqual([])
})

scenario('run refuses what the engine cannot do, as up does', 'run-made', async s => {
  const { stderr } = await s.gantry('run unfit true', { exit: 1 })
  expect(stderr).toMatch(/"uts" of "unfit" cannot be honoured/)
  expect(await s.containers()).toEqual([])
})

scenario('run never restarts its container, whatever deploy says of the service', 'run-made', async s => {
  await s.gantry('run --detach --no-deps job')
  const [ran] = (await s.containers('job')) as unknown as { HostConfig: { RestartPolicy: { Name: string } } }[]
  expect(ran!.HostConfig.RestartPolicy.Name).toMatch(/^(no)?$/)
})
