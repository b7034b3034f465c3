import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LABEL } from '../../src/model/names.ts'
import type { Project } from '../../src/model/project.ts'
import type { FakeContainer } from '../kit/fake-container.ts'
import { anyCut, type Deed, goDown, goUp, interrupted, left } from './deeds.ts'
import { anyOtherGround, anyProject } from './projects.ts'
import { anEngine, claims, external, runs, turn } from './world.ts'

const up = (project: Project): Deed => ({ verb: 'up', project })
const down = (project: Project): Deed => ({ verb: 'down', project })

describe('wherever a command was interrupted', { timeout: 1_800_000 }, () => {
  test('one more run reaches the goal', async () => {
    let hits = 0
    await fc.assert(
      fc.asyncProperty(
        anyProject,
        anyProject,
        fc.array(anyCut, { minLength: 3, maxLength: 3 }),
        async (first, second, cuts) => {
          for (const cut of cuts) {
            const fake = await anEngine()
            await goUp(fake.engine, first)
            if (await interrupted(fake, up(second), cut)) hits++
            await goUp(fake.engine, second)
            expect(await left(fake, second)).toEqual([])
          }
        },
      ),
      runs,
    )
    expect(hits).toBeGreaterThan(runs.numRuns)
  })

  test('after a second interruption a third run reaches the goal', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, anyCut, anyCut, async (first, second, one, two) => {
        const fake = await anEngine()
        await goUp(fake.engine, first)
        await interrupted(fake, up(second), one)
        await interrupted(fake, up(second), two)
        await goUp(fake.engine, second)
        expect(await left(fake, second)).toEqual([])
      }),
      runs,
    )
  })

  test('on the way to one thing, the next run reaches another', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, anyProject, anyCut, anyCut, async (first, second, third, one, two) => {
        const fake = await anEngine()
        await goUp(fake.engine, first)
        await interrupted(fake, up(second), one)
        await interrupted(fake, up(third), two)
        await goUp(fake.engine, first)
        expect(await left(fake, first)).toEqual([])
      }),
      runs,
    )
  })

  test('the next run reaches the goal on other networks and volumes, too', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, anyOtherGround, anyCut, async (first, second, change, cut) => {
        const fake = await anEngine()
        await goUp(fake.engine, first)
        await interrupted(fake, up(second), cut)
        await goUp(fake.engine, change(second))
        expect(await left(fake, change(second))).toEqual([])
      }),
      runs,
    )
  })

  test('on the way down, the next up reaches the goal', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, anyCut, async (first, second, cut) => {
        const fake = await anEngine()
        await goUp(fake.engine, first)
        await interrupted(fake, down(first), cut)
        await goUp(fake.engine, second)
        expect(await left(fake, second)).toEqual([])
      }),
      runs,
    )
  })

  test('down leaves nothing but volumes, and no claims', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, anyCut, anyCut, async (first, second, one, two) => {
        const fake = await anEngine()
        await goUp(fake.engine, first)
        await interrupted(fake, up(second), one)
        await interrupted(fake, down(second), two)
        const data = () => fake.volumes().filter(v => !claims(fake).includes(v.name))
        const volumes = data()
        await goDown(fake.engine, second)
        expect(fake.containers().map(c => c.name)).toEqual([])
        expect(fake.networks().map(n => n.name)).toEqual([external.network])
        expect(data()).toEqual(volumes)
        expect(claims(fake)).toEqual([])
      }),
      runs,
    )
  })

  test('a run that was cancelled is completed by the next', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, fc.nat(100), async (first, second, nth) => {
        const fake = await anEngine()
        await goUp(fake.engine, first)
        const pressed = new AbortController()
        fake.inject((_, n) => {
          if (n === nth) pressed.abort()
          return undefined
        })
        await goUp(fake.engine, second, pressed.signal).catch(() => {})
        fake.inject(undefined)
        await goUp(fake.engine, second)
        expect(await left(fake, second)).toEqual([])
      }),
      runs,
    )
  })

  test('at every moment the old container or the new one exists', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, anyCut, async (first, second, cut) => {
        const fake = await anEngine()
        await goUp(fake.engine, first)
        const sameGround = first.volumes.data?.driver_opts === second.volumes.data?.driver_opts
        const stays = (c: FakeContainer) => sameGround || !c.mounts.some(m => m.name === 'shop_data')
        const kept = ({ spec: { labels } }: FakeContainer) => {
          const scale = (p: Project) => p.services[labels[LABEL.service]!]?.scale ?? 0
          return scale(second) >= scale(first)
        }
        const before = fake
          .containers()
          .filter(c => stays(c) && kept(c))
          .map(slot)
        const lost = new Set<string>()
        fake.watch(() => {
          const now = new Set(fake.containers().map(slot))
          for (const s of before) if (!now.has(s)) lost.add(s)
        })
        await interrupted(fake, up(second), cut)
        await turn()
        await goUp(fake.engine, second)
        expect([...lost]).toEqual([])
      }),
      runs,
    )
  })
})

const slot = ({ spec: { labels } }: FakeContainer) => `${labels[LABEL.service]} ${labels[LABEL.number]}`
