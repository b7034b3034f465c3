import { describe, expect, test } from 'vitest'
import { EngineError } from '../../../src/engine/errors.ts'
import { performer } from '../../../src/local/perform/perform.ts'
import { waiter } from '../../../src/local/perform/wait.ts'
import type { Step } from '../../../src/local/steps.ts'
import { draft } from '../../../src/plan/plan.ts'
import type { Problem } from '../../../src/text/problem.ts'
import { type FakeEngine, fakeEngine } from '../../kit/fake-engine.ts'

const unit = { kind: 'container', name: 'shop-web-1', short: 'web-1' }

/** Performs one step, and gives what it warned of. */
async function perform({ engine }: FakeEngine, step: Step): Promise<readonly Problem[]> {
  const warned: Problem[] = []
  const { signal } = new AbortController()
  const waits = waiter(engine, 'shop')
  const run = performer({ engine, signal, waiter: waits, warn: problem => void warned.push(problem) })
  const plan = draft<Step>()
  plan.add(unit, step, [])
  await run(step, plan.done().steps[0]!).finally(() => waits.close())
  return warned
}

async function withContainer(): Promise<FakeEngine> {
  const fake = fakeEngine({ images: ['app:1'] })
  await fake.engine.createNetwork('front', { labels: {} })
  await fake.engine.createContainer('shop-vpn-1', { image: 'app:1', labels: {}, networks: [{ network: 'front' }] })
  await fake.engine.startContainer('shop-vpn-1')
  return fake
}

describe('what is to go', () => {
  test.each<Step>([
    { op: 'remove-container', container: 'gone', volumes: false },
    { op: 'stop-container', container: 'gone' },
    { op: 'remove-network', network: 'gone' },
    { op: 'remove-volume', name: 'gone' },
    { op: 'disconnect-network', network: 'gone', container: 'gone' },
  ])('and has gone already is no failure: $op', async step => {
    expect(await perform(fakeEngine(), step)).toEqual([])
  })

  test('and is still in use fails', async () => {
    await expect(perform(await withContainer(), { op: 'remove-network', network: 'front' })).rejects.toThrow(
      'has active endpoints',
    )
  })

  test('and is still in use is a warning, where that is tolerated', async () => {
    const warned = await perform(await withContainer(), { op: 'remove-network', network: 'front', tolerate: true })
    expect(warned.map(p => p.message)).toEqual(['container shop-web-1: Resource is still in use'])
  })
})

test('a network that another run made at the same moment is taken, another one of that name is not', async () => {
  const fake = fakeEngine()
  const labels = { 'com.docker.compose.config-hash': 'abc' }
  await fake.engine.createNetwork('front', { labels })
  await perform(fake, { op: 'create-network', name: 'front', spec: { labels } })
  const other = { 'com.docker.compose.config-hash': 'def' }
  await expect(perform(fake, { op: 'create-network', name: 'front', spec: { labels: other } })).rejects.toThrow(
    'already exists',
  )
})

test('ids of other containers are filled in at the moment of use, and the hash is taken of them', async () => {
  const fake = await withContainer()
  const [vpn] = fake.containers()
  await perform(fake, {
    op: 'create-container',
    name: 'shop-web-1',
    spec: { image: 'app:1', labels: { a: 'b' }, network_mode: 'container:{{vpn}}', volumes_from: ['{{vpn}}:ro'] },
    files: [],
    late: { parents: { '{{vpn}}': 'shop-vpn-1' }, hashed: 'abc' },
  })
  const web = fake.containers().find(c => c.name === 'shop-web-1')!
  expect(web.spec).toEqual({
    image: 'app:1',
    network_mode: `container:${vpn!.id}`,
    volumes_from: [`${vpn!.id}:ro`],
    labels: {
      a: 'b',
      'com.docker.compose.config-hash': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    },
  })
})

test('files are put into a container before it starts', async () => {
  const fake = await withContainer()
  await fake.engine.stopContainer('shop-vpn-1')
  fake.calls.length = 0
  const files = [{ path: '/run/secrets/pw', content: 'x', uid: 0, gid: 0, mode: 0o400 }]
  await perform(fake, { op: 'start-container', container: 'shop-vpn-1', files, serial: false })
  expect(fake.calls.map(c => c.name)).toEqual(['putArchive', 'startContainer'])
})

test('starts that share a range of ports go one at a time, and go on after one that fails', async () => {
  const fake = await withContainer()
  let running = 0
  let most = 0
  const engine = {
    ...fake.engine,
    async startContainer(id: string) {
      most = Math.max(most, ++running)
      await new Promise(resolve => setImmediate(resolve))
      running--
      if (id === 'a') throw new EngineError('port-taken', 'taken')
    },
  }
  const { signal } = new AbortController()
  const run = performer({ engine, signal, waiter: waiter(engine, 'shop'), warn: () => {} })
  const start = (container: string): Step => ({ op: 'start-container', container, files: [], serial: true })
  const planned = { id: 1, unit, why: [], after: [], step: start('a') }
  const ended = await Promise.allSettled(['a', 'b', 'c'].map(name => run(start(name), planned)))
  expect(ended.map(e => e.status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  expect(most).toBe(1)
})

describe('an image', () => {
  test('that can be built if pulling brings nothing is tolerated not to be there', async () => {
    const step: Step = { op: 'pull-image', image: 'mine:1', tolerate: true }
    expect((await perform(fakeEngine(), step)).map(p => p.code)).toEqual(['pull-failed'])
    await expect(perform(fakeEngine(), { ...step, tolerate: false })).rejects.toThrow('mine:1')
  })

  test('that a pull brought is not built', async () => {
    const fake = fakeEngine({ images: ['mine:1'] })
    const build = {
      builder: 'classic' as const,
      tags: ['mine:1'],
      context: '/nowhere',
      dockerfile: '/nowhere/Dockerfile',
    }
    await perform(fake, { op: 'build-image', build, unlessPresent: true })
    expect(fake.calls.map(c => c.name)).toEqual(['inspectImage'])
  })
})
