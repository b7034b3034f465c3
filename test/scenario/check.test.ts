import { expect } from 'vitest'
import { scenario } from '../kit/scenario.ts'

scenario('check sees without an engine what up warns of and goes on, and mends it', 'check', async s => {
  const { stdout } = await s.gantry('check', { exit: 2, env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } })
  expect(stdout).toContain('compose.yaml:8:19: error: the health check is one word')
  expect(await s.containers()).toEqual([])

  const up = await s.gantry('up --detach')
  expect(up.stderr).toContain('compose.yaml:8:19: warning: the health check is one word')
  expect(await s.containers()).toHaveLength(1)
  await s.gantry('up --detach --wait', { exit: 1 })

  await s.gantry('check --fix')
  const again = await s.gantry('up --detach --wait')
  expect(again.stderr).not.toContain('one word')
})
