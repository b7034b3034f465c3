import { expect } from 'vitest'
import { actions } from '../kit/engine-api.ts'
import { scenario } from '../kit/scenario.ts'

scenario('down removes containers and networks and keeps named volumes and images', 'down', async s => {
  await s.gantry('up --detach')
  expect(await s.states()).toEqual(['db-1 running', 'web-1 running'])
  expect(await s.engine.networks(s.project)).toHaveLength(2)
  await s.gantry('down')
  expect(await s.containers()).toEqual([])
  expect(await s.engine.networks(s.project)).toEqual([])
  expect(await s.engine.volumes(s.project)).toHaveLength(1)
  expect(await s.engine.hasImage(`${s.project}-web`)).toBe(true)
})

scenario('down --volumes removes the data as well', 'down', async s => {
  await s.gantry('up --detach db')
  expect(await s.engine.volumes(s.project)).toHaveLength(1)
  await s.gantry('down --volumes')
  expect(await s.engine.volumes(s.project)).toEqual([])
})

scenario('down --rmi local removes the images that were built, and no other', 'down', async s => {
  await s.gantry('up --detach')
  const base = (await s.container('db')).Config.Image
  expect(await s.engine.hasImage(`${s.project}-web`)).toBe(true)
  await s.gantry('down --rmi local')
  expect(await s.engine.hasImage(`${s.project}-web`)).toBe(false)
  expect(await s.engine.hasImage(base)).toBe(true)
})

scenario('down --remove-orphans removes what the file no longer names', 'orphans', async s => {
  await s.gantry('--file before.yaml up --detach')
  await s.gantry('down')
  expect(await s.states()).toEqual(['old-1 running'])
  await s.gantry('down --remove-orphans')
  expect(await s.containers()).toEqual([])
  expect(await s.engine.networks(s.project)).toEqual([])
})

scenario('down --timeout bounds the patience with a container that does not listen', 'stubborn', async s => {
  await s.gantry('up --detach')
  const since = new Date()
  await s.gantry('down --timeout 1')
  expect(await s.containers()).toEqual([])
  const kills = (await s.engine.events(s.project, since, new Date())).filter(({ Action }) => Action === 'kill')
  expect(kills.map(({ Actor }) => Actor.Attributes['signal'])).toEqual(['15', '9'])
})

scenario('down needs no file, only the name', 'down', async s => {
  await s.gantry('up --detach')
  await s.gantry(`--project-name ${s.project} down`, { cwd: '/' })
  expect(await s.containers()).toEqual([])
  expect(await s.engine.networks(s.project)).toEqual([])
})

scenario('dependants go before what they depend on', 'up-detached', async s => {
  await s.gantry('up --detach')
  const since = new Date()
  await s.gantry('down')
  const happened = actions(await s.engine.events(s.project, since, new Date()))
  expect(happened).toContain('db-1 kill')
  expect(happened.indexOf('web-1 die')).toBeLessThan(happened.indexOf('db-1 kill'))
})
