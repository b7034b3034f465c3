import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planUp, up } from '../../src/actions/up.ts'
import { EngineError } from '../../src/engine/errors.ts'
import { LABEL } from '../../src/model/names.ts'
import type { Project } from '../../src/model/project.ts'
import { type FakeEngine, fakeEngine } from '../kit/fake-engine.ts'
import { downWith, quietly } from '../kit/run.ts'
import { anyMeddling, anyOtherGround, anyProject, isJob, type Meddling, runs, world } from './projects.ts'

const wishes = { removeOrphans: true }
const yes = { ask: async () => true }
const goUp = (fake: FakeEngine, project: Project) => up(project, { ...quietly(fake), ...wishes, ...yes })

/** What is left to do, ended one-shots apart: these start again each time. */
async function left(fake: FakeEngine, project: Project): Promise<string[]> {
  const jobs = new Set(
    fake
      .containers()
      .filter(c => isJob(project.services[c.spec.labels[LABEL.service]!]))
      .map(c => c.name),
  )
  const stages = await planUp(project, { ...quietly(fake), ...wishes })
  return stages
    .flatMap(s => s.outline.changes)
    .filter(c => !(c.verdict === 'start' && jobs.has(c.unit.name)))
    .map(c => `${c.unit.name} ${c.verdict} ${c.why.map(w => w.path ?? w.code).join()}`)
}

/** How far a run gets when the nth call of the engine fails. */
type Cut = { readonly nth: number; readonly when: 'before' | 'after'; readonly away: boolean }
const cut: fc.Arbitrary<Cut> = fc.record({
  nth: fc.nat(80),
  when: fc.constantFrom('before', 'after'),
  away: fc.constantFrom(true, false, false, false),
})

async function interrupted(fake: FakeEngine, project: Project, { nth, when, away }: Cut): Promise<boolean> {
  let hit = false
  fake.inject((_, n) => {
    if (n !== nth) return undefined
    hit = true
    return { when, ...(!away && { error: new EngineError('failed', 'server error', { status: 500 }) }) }
  })
  await goUp(fake, project).catch(() => {})
  fake.inject(undefined)
  return hit
}

async function meddle({ engine, containers }: FakeEngine, { nth, what }: Meddling): Promise<void> {
  const all = containers()
  const c = all[nth % all.length]
  const [network] = c?.networks.values() ?? []
  if (!c) return
  if (what === 'stop') await engine.stopContainer(c.id)
  if (what === 'remove') await engine.removeContainer(c.id, { force: true })
  if (what === 'limit') await engine.updateContainer(c.id, { resources: { memory: 32e6 } })
  if (what === 'restart') await engine.updateContainer(c.id, { restart: { name: 'unless-stopped' } })
  if (!network) return
  if (what !== 'disconnect' && what !== 'realias' && what !== 'remove network') return
  if (what === 'remove network') for (const other of all) await engine.stopContainer(other.id)
  // A stopped container may remember a network that has gone.
  if (what === 'remove network') return engine.removeNetwork(network.name).catch(() => {})
  await engine.disconnectNetwork(network.name, c.id).catch(() => {})
  if (what === 'realias') await engine.connectNetwork(network.name, c.id, { network: network.name }).catch(() => {})
}

describe('whatever was there before', { timeout: 1_800_000 }, () => {
  test('after up nothing is left to do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyProject, { minLength: 1, maxLength: 3 }), async projects => {
        const fake = fakeEngine(world)
        for (const project of projects) {
          await goUp(fake, project)
          expect(await left(fake, project)).toEqual([])
        }
      }),
      runs,
    )
  })

  test('a second up changes nothing on the engine', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, async project => {
        fc.pre(!Object.values(project.services).some(isJob))
        const fake = fakeEngine(world)
        await goUp(fake, project)
        fake.calls.length = 0
        await goUp(fake, project)
        expect(fake.calls.filter(c => c.changes)).toEqual([])
      }),
      runs,
    )
  })

  test('after a failure at any call, one more run reaches the goal', async () => {
    let hits = 0
    await fc.assert(
      fc.asyncProperty(
        anyProject,
        anyProject,
        fc.array(cut, { minLength: 3, maxLength: 3 }),
        async (first, second, cuts) => {
          for (const one of cuts) {
            const fake = fakeEngine(world)
            await goUp(fake, first)
            if (await interrupted(fake, second, one)) hits++
            await goUp(fake, second)
            expect(await left(fake, second)).toEqual([])
          }
        },
      ),
      runs,
    )
    expect(hits).toBeGreaterThan(runs.numRuns)
  })

  test('after two failures in two runs, a third reaches the goal', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, cut, cut, async (first, second, one, two) => {
        const fake = fakeEngine(world)
        await goUp(fake, first)
        await interrupted(fake, second, one)
        await interrupted(fake, second, two)
        await goUp(fake, second)
        expect(await left(fake, second)).toEqual([])
      }),
      runs,
    )
  })

  test('after a failure on the way to one thing, the next run reaches another', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, anyProject, cut, async (first, second, third, one) => {
        const fake = fakeEngine(world)
        await goUp(fake, first)
        await interrupted(fake, second, one)
        await goUp(fake, third)
        expect(await left(fake, third)).toEqual([])
      }),
      runs,
    )
  })

  test('after a failure, the next run reaches the goal on other networks and volumes, too', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, anyOtherGround, cut, async (first, second, change, one) => {
        const fake = fakeEngine(world)
        await goUp(fake, first)
        await interrupted(fake, second, one)
        await goUp(fake, change(second))
        expect(await left(fake, change(second))).toEqual([])
      }),
      runs,
    )
  })

  test('a run that was cancelled at any call is completed by the next', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, fc.nat(80), async (first, second, nth) => {
        const fake = fakeEngine(world)
        await goUp(fake, first)
        const pressed = new AbortController()
        fake.inject((_, n) => {
          if (n === nth) pressed.abort()
          return undefined
        })
        await up(second, { ...quietly(fake), ...wishes, ...yes, signal: pressed.signal }).catch(() => {})
        fake.inject(undefined)
        await goUp(fake, second)
        expect(await left(fake, second)).toEqual([])
      }),
      runs,
    )
  })

  test('at every moment the old container or the new one exists', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, cut, async (first, second, one) => {
        const fake = fakeEngine(world)
        await goUp(fake, first)
        const slot = (c: { spec: { labels: Readonly<Record<string, string>> } }) =>
          `${c.spec.labels[LABEL.service]} ${c.spec.labels[LABEL.number]}`
        const stays = ({ mounts }: { mounts: readonly { name?: string }[] }) =>
          !mounts.some(
            m => m.name === 'shop_data' && first.volumes.data?.driver_opts !== second.volumes.data?.driver_opts,
          )
        const kept = (service: string) => {
          const scale = (p: Project) => p.services[service]?.scale ?? 0
          return scale(second) >= scale(first)
        }
        const before = fake
          .containers()
          .filter(c => stays(c) && kept(c.spec.labels[LABEL.service]!))
          .map(slot)
        const lost = new Set<string>()
        fake.watch(() => {
          const now = new Set(fake.containers().map(slot))
          for (const s of before) if (!now.has(s)) lost.add(s)
        })
        await interrupted(fake, second, one)
        await goUp(fake, second)
        expect([...lost]).toEqual([])
      }),
      runs,
    )
  })

  test('what somebody changed behind our back is found, and put right', async () => {
    let found = 0
    await fc.assert(
      fc.asyncProperty(
        anyProject,
        fc.array(anyMeddling, { minLength: 1, maxLength: 3 }),
        async (project, meddlings) => {
          const fake = fakeEngine(world)
          await goUp(fake, project)
          for (const meddling of meddlings) await meddle(fake, meddling)
          if ((await left(fake, project)).length > 0) found++
          await goUp(fake, project)
          expect(await left(fake, project)).toEqual([])
        },
      ),
      runs,
    )
    expect(found).toBeGreaterThan(runs.numRuns / 2)
  })

  test('down leaves nothing but volumes', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, cut, async (first, second, one) => {
        const fake = fakeEngine(world)
        await goUp(fake, first)
        await interrupted(fake, second, one)
        // What a claim left that broke off is no data: it goes, too.
        const data = () => fake.volumes().map(v => v.name)
        const volumes = data().filter(name => !name.startsWith('gantry-'))
        await downWith(fake, second, { removeOrphans: true })
        expect(fake.containers().map(c => c.name)).toEqual([])
        expect(fake.networks().map(n => n.name)).toEqual([])
        expect(data()).toEqual(volumes)
      }),
      runs,
    )
  })
})
