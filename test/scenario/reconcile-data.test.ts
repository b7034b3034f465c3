import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { scenario } from '../kit/scenario.ts'

scenario('anonymous volumes follow from container to container', 'data', async s => {
  await s.gantry('up --detach')
  await s.inside('db', 'touch', '/scratch/kept')
  await s.edit('compose.yaml', 'LEVEL: info', 'LEVEL: debug')
  await s.gantry('up --detach')
  await s.inside('db', 'ls', '/scratch/kept')
  await s.gantry('up --detach --renew-anon-volumes db')
  expect(await s.inside('db', 'ls', '/scratch')).toBe('')
})

scenario('a replacement that docker compose began is finished', 'data', async s => {
  await s.gantry('up --detach')
  await s.edit('compose.yaml', 'LEVEL: info', 'LEVEL: debug')
  await s.gantry('up --detach --no-start')
  const made = (await s.container('db')) as unknown as { Id: string; Config: object; HostConfig: object; Image: string }
  // As it is left when docker compose is killed between making the new one and removing the old.
  const old = '0123456789ab'
  await s.engine.call('POST', `/containers/${made.Id}/rename?name=${old}_${s.project}-db-1`)
  await s.engine.call('POST', `/containers/${made.Id}/start`)
  const { stdout } = await s.gantry('plan', { exit: 2 })
  expect(stdout).toMatch(/db-1\s+\S+\s+left by an interrupted run/)
  await s.gantry('up --detach')
  expect(await s.states('db')).toEqual(['db-1 running'])
  await s.gantry('plan', { exit: 0 })
})

scenario('a volume is made anew only with consent, and who else has it comes back', 'data', async s => {
  await s.gantry('up --detach')
  await s.inside('db', 'touch', '/data/precious')
  await s.edit('compose.yaml', 'form: one', 'form: two')
  const { stderr } = await s.gantry('up --detach db')
  expect(stderr).toContain(`volume "${s.project}_data" is not as configured and was left as it is`)
  await s.inside('db', 'ls', '/data/precious')
  await s.gantry('up --detach --yes db')
  expect(await s.inside('db', 'ls', '/data')).toBe('')
  expect(await s.states()).toEqual(['backup-1 running', 'db-1 running'])
  await s.gantry('plan', { exit: 0 })
})

scenario('down lists the data that goes; without --volumes none does', 'data', async s => {
  await s.gantry('up --detach')
  const dry = await s.gantry('down --volumes --dry-run')
  expect(`${dry.stdout}${dry.stderr}`).toMatch(new RegExp(`${s.project}_data\\s+remove\\s+.*data`))
  expect(await s.states()).toEqual(['backup-1 running', 'db-1 running'])
  await s.gantry('down')
  expect(await s.engine.volumes(s.project)).toHaveLength(1)
  const { stderr } = await s.gantry('down --volumes')
  expect(stderr).toMatch(new RegExp(`${s.project}_data\\s+remove`))
  expect(await s.engine.volumes(s.project)).toEqual([])
})

scenario('containers of a neighbour of the same name are named and left alone', 'neighbours', async s => {
  const elsewhere = join(s.folder, 'elsewhere')
  await mkdir(elsewhere)
  await copyFile(join(s.folder, 'compose.yaml'), join(elsewhere, 'compose.yaml'))
  await s.gantry('up --detach old', { cwd: elsewhere })
  const { Id } = await s.container('old')
  await s.edit(
    'compose.yaml',
    '  old:\n    image: ${BUSYBOX:-busybox:1.36}\n    command: sleep infinity\n    init: true\n',
    '',
  )
  const { stderr } = await s.gantry('up --detach --remove-orphans')
  expect(stderr).toContain(
    `containers of another project of the same name "${s.project}" are left alone: ${s.project}-old-1`,
  )
  expect((await s.container('old')).Id).toBe(Id)
  await s.gantry('down --remove-orphans')
  expect(await s.states()).toEqual(['old-1 running'])
})
