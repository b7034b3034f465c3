import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { scenario } from '../kit/scenario.ts'

scenario('models are pulled and configured, and their services told where they are', 'models', async s => {
  const plugins = join(s.folder, 'docker', 'cli-plugins')
  const asked = async () => (await readFile(join(plugins, 'asked'), 'utf8')).split('\n')
  const env = { DOCKER_CONFIG: join(s.folder, 'docker') }
  await s.gantry('up --detach', { env })
  expect((await s.container('chat')).Config.Env).toEqual(
    expect.arrayContaining([
      'SMALL_ONE_MODEL=ai/smollm2',
      'SMALL_ONE_URL=http://models.example/engines/v1/',
      'NAME=ai/smollm2',
      'WHERE=http://models.example/engines/v1/',
    ]),
  )
  expect(await asked()).toContain('configure --context-size 1024 ai/smollm2 -- --verbose')
  expect(await asked()).toContain('pull ai/smollm2')
  const { Id } = await s.container('chat')
  await s.gantry('up --detach', { env })
  expect((await s.container('chat')).Id).toBe(Id)
  const { stdout } = await s.gantry('run --rm chat env', { env })
  expect(stdout).toContain('SMALL_ONE_URL=http://models.example/engines/v1/')
})

scenario('models without the plugin are refused, and nothing is touched', 'models', async s => {
  const { stderr } = await s.gantry('up --detach', { exit: 1 })
  expect(stderr).toContain('the docker plugin "model" is not installed')
  expect(await s.containers()).toEqual([])
})

scenario('--wait does not take a container that falls over at once for one that runs', 'settle', async s => {
  const { stderr } = await s.gantry('up --wait', { exit: 1 })
  expect(stderr).toMatch(/flash-1\S* exited \(3/)
  expect(stderr).not.toMatch(/job-1\S* exited/)
  await s.gantry('up --wait steady job')
})
