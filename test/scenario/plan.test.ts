import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { logCalls } from '../kit/call-log.ts'
import { scenario } from '../kit/scenario.ts'

scenario('plan exits 2 with changes, 0 without, 1 on a mistake, and never changes anything', 'plan', async s => {
  await using log = await logCalls(s.host)
  const env = { DOCKER_HOST: log.host }
  const { stdout } = await s.gantry('plan', { exit: 2, env })
  expect(stdout).toMatch(/\+ web-1\s+create/)
  expect(await s.containers()).toEqual([])
  await s.gantry('up --detach')
  await s.gantry('plan', { exit: 0, env })
  await s.edit('compose.yaml', 'services:', 'servces:')
  await s.gantry('plan', { exit: 1, env })
  expect(log.calls.length).toBeGreaterThan(0)
  expect(log.changes()).toEqual([])
})

scenario('plan --format json has a version, stages and reasons, and masks what looks secret', 'plan', async s => {
  await s.gantry('up --detach')
  await s.edit('compose.yaml', 'very-private', 'even-more-private')
  const { stdout, stderr } = await s.gantry('plan --format json', { exit: 2 })
  const plan = JSON.parse(stdout)
  expect(plan).toMatchObject({ version: expect.anything(), stages: expect.any(Array) })
  expect(stdout).toContain('environment.API_TOKEN')
  expect(stdout).toContain('compose.yaml')
  expect(stdout + stderr).not.toContain('private')
})

scenario('with --progress json, a mistake is an object on standard error', 'plan', async s => {
  await writeFile(join(s.folder, 'compose.yaml'), 'services:\n  web:\n    image: x\n    comand: y\n')
  const { stdout, stderr } = await s.gantry('--progress json plan', { exit: 1 })
  expect(stdout).toBe('')
  const objects = stderr
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(objects).toContainEqual(
    expect.objectContaining({
      error: true,
      message: expect.any(String),
      code: 'unknown-key',
      at: expect.objectContaining({ line: 4, column: 5 }),
    }),
  )
})
