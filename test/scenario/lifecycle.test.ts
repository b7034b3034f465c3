import { expect } from 'vitest'
import { scenario } from '../kit/scenario.ts'

scenario('stop keeps containers, start starts the same ones', 'lifecycle', async s => {
  await s.gantry('up --detach')
  const before = (await s.containers()).map(({ Id }) => Id)
  await s.gantry('stop web')
  expect(await s.states()).toEqual(['db-1 running', 'web-1 exited'])
  await s.gantry('stop')
  expect(await s.states()).toEqual(['db-1 exited', 'web-1 exited'])
  await s.gantry('start')
  expect(await s.states()).toEqual(['db-1 running', 'web-1 running'])
  expect((await s.containers()).map(({ Id }) => Id)).toEqual(before)
})

scenario('restart restarts the same container, and those that asked to go with it', 'lifecycle', async s => {
  await s.gantry('up --detach')
  const [web, db] = [await s.container('web'), await s.container('db')]
  await s.gantry('restart db')
  const [web2, db2] = [await s.container('web'), await s.container('db')]
  expect([web2.Id, db2.Id]).toEqual([web.Id, db.Id])
  expect(db2.State.StartedAt).not.toBe(db.State.StartedAt)
  expect(web2.State.StartedAt).not.toBe(web.State.StartedAt)
  await s.gantry('restart --no-deps db')
  const [web3, db3] = [await s.container('web'), await s.container('db')]
  expect(db3.State.StartedAt).not.toBe(db2.State.StartedAt)
  expect(web3.State.StartedAt).toBe(web2.State.StartedAt)
})

scenario('restart brings an exited service back in the same container', 'lifecycle', async s => {
  await s.gantry('up --detach')
  const { Id } = await s.container('web')
  await s.gantry('stop web')
  expect(await s.states('web')).toEqual(['web-1 exited'])
  await s.gantry('restart web')
  expect(await s.states('web')).toEqual(['web-1 running'])
  expect((await s.container('web')).Id).toBe(Id)
})

scenario('create makes containers and starts none', 'lifecycle', async s => {
  await s.gantry('create')
  expect(await s.states()).toEqual(['db-1 created', 'web-1 created'])
  await s.gantry('start')
  expect(await s.states()).toEqual(['db-1 running', 'web-1 running'])
})

scenario('scale goes up and down and keeps the containers that stay', 'scale', async s => {
  await s.gantry('up --detach')
  const { Id } = await s.container('web')
  await s.gantry('scale web=3')
  expect(await s.states()).toEqual(['web-1 running', 'web-2 running', 'web-3 running'])
  await s.gantry('scale web=1')
  expect(await s.states()).toEqual(['web-1 running'])
  expect((await s.container('web')).Id).toBe(Id)
})
