import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { goDown, goUp, left } from './deeds.ts'
import { anyMeddling, meddle } from './meddling.ts'
import { anyProject, neighbour } from './projects.ts'
import { anEngine, external, isJob, runs } from './world.ts'

describe('whatever was there before', { timeout: 1_800_000 }, () => {
  test('after up nothing is left to do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyProject, { minLength: 1, maxLength: 3 }), async projects => {
        const fake = await anEngine()
        for (const project of projects) {
          await goUp(fake.engine, project)
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
        const fake = await anEngine()
        await goUp(fake.engine, project)
        fake.calls.length = 0
        await goUp(fake.engine, project)
        expect(fake.calls.filter(c => c.changes)).toEqual([])
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
          const fake = await anEngine()
          await goUp(fake.engine, project)
          for (const meddling of meddlings) await meddle(fake, meddling)
          if ((await left(fake, project)).length > 0) found++
          await goUp(fake.engine, project)
          expect(await left(fake, project)).toEqual([])
        },
      ),
      runs,
    )
    expect(found).toBeGreaterThan(runs.numRuns / 2)
  })

  test('what another directory has under the same name is left as it is', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, async (first, second) => {
        const fake = await anEngine()
        await goUp(fake.engine, neighbour)
        const [ghost] = fake.containers()
        const before = { ...ghost, networks: [...ghost!.networks] }
        await goUp(fake.engine, first)
        await goUp(fake.engine, second)
        expect(await left(fake, second)).toEqual([])
        await goDown(fake.engine, second)
        const after = fake.containers().map(c => ({ ...c, networks: [...c.networks] }))
        expect(after).toEqual([before])
        expect(await left(fake, neighbour)).toEqual([])
      }),
      runs,
    )
  })

  test('down leaves nothing but volumes, and what is not the project’s', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, async (first, second) => {
        const fake = await anEngine()
        await goUp(fake.engine, first)
        await goUp(fake.engine, second)
        const volumes = fake.volumes()
        await goDown(fake.engine, second)
        expect(fake.containers().map(c => c.name)).toEqual([])
        expect(fake.networks().map(n => n.name)).toEqual([external.network])
        expect(fake.volumes()).toEqual(volumes)
      }),
      runs,
    )
  })
})
