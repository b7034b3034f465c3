import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { EngineError } from '../../src/engine/errors.ts'
import { claim } from '../../src/local/perform/claim.ts'
import { fakeEngine } from '../kit/fake-engine.ts'
import { runner } from '../kit/runner.ts'
import { type Deed, go, goDown, goUp, left } from './deeds.ts'
import { anyProject } from './projects.ts'
import { anEngine, claims, external, runs, turn } from './world.ts'

const pauses = fc.array(fc.nat(6), { minLength: 1, maxLength: 12 })
const when = fc.constantFrom('before' as const, 'during' as const, 'after' as const)
const death = fc.record({ nth: fc.nat(60), when })
const anyDeed: fc.Arbitrary<Deed> = fc.record({
  verb: fc.constantFrom('up', 'up', 'down'),
  project: anyProject,
})

describe('whatever gets between two commands', { timeout: 1_800_000 }, () => {
  test('two ups end well, and in what one of them was to reach', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, anyProject, pauses, pauses, async (before, one, other, a, b) => {
        const fake = await anEngine()
        await goUp(fake.engine, before)
        await Promise.all([
          goUp(runner(fake.engine, { pauses: a }), one),
          goUp(runner(fake.engine, { pauses: b }), other),
        ])
        const [ofOne, ofOther] = [await left(fake, one), await left(fake, other)]
        expect([ofOne, ofOther]).toContainEqual([])
        expect(claims(fake)).toEqual([])
      }),
      runs,
    )
  })

  test('an up and a down end well, with all that was wanted or nothing', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, pauses, pauses, async (before, project, a, b) => {
        const fake = await anEngine()
        await goUp(fake.engine, before)
        await Promise.all([
          goUp(runner(fake.engine, { pauses: a }), project),
          goDown(runner(fake.engine, { pauses: b }), project),
        ])
        const networks = fake.networks().filter(n => n.name !== external.network)
        const isDown = fake.containers().length === 0 && networks.length === 0
        if (!isDown) expect(await left(fake, project)).toEqual([])
        expect(claims(fake)).toEqual([])
      }),
      runs,
    )
  })

  test('where one is killed at any call, the other one reaches its goal, though the engine goes on with that call', async () => {
    let killed = 0
    await fc.assert(
      fc.asyncProperty(
        anyProject,
        anyDeed,
        anyDeed,
        pauses,
        pauses,
        death,
        fc.constantFrom(0, 3, 20),
        async (before, one, other, a, b, at, takes) => {
          const fake = await anEngine(takes)
          await goUp(fake.engine, before)
          await Promise.all([
            go(runner(fake.engine, { pauses: a, killed: at }), one).catch(() => void killed++),
            go(runner(fake.engine, { pauses: b }), other),
          ])
          // The one that was killed may have come after, and what it had asked for last may still be under way.
          for (let i = 0; i < takes; i++) await turn()
          await go(fake.engine, other)
          if (other.verb === 'up') expect(await left(fake, other.project)).toEqual([])
          else expect(fake.containers()).toEqual([])
        },
      ),
      runs,
    )
    expect(killed).toBeGreaterThan(runs.numRuns / 4)
  })

  test('no two hold a claim at once, though owners die at any call and all the others see that at the same time', async () => {
    const claimer = fc.record({
      pauses: fc.array(fc.nat(20), { minLength: 1, maxLength: 12 }),
      holds: fc.nat(40),
      killed: fc.option(fc.record({ nth: fc.nat(12), when }), { nil: undefined, freq: 2 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(claimer, { minLength: 2, maxLength: 5 }), async claimers => {
        const fake = fakeEngine()
        await leaveClaim(fake.engine)
        const holding = new Set<number>()
        let most = 0
        await Promise.all(
          claimers.map(async ({ pauses, holds, killed }, i) => {
            const engine = runner(fake.engine, { pauses, killed })
            const { problems, release } = await claimed(engine)
            if (problems.includes('not-claimed')) return
            most = Math.max(most, holding.add(i).size)
            for (let n = 0; n < holds; n++) await turn()
            holding.delete(i)
            await release()
          }),
        )
        expect(most).toBeLessThanOrEqual(1)
        await (await claimed(fake.engine)).release()
        expect(claims(fake)).not.toContain('gantry-lock-shop')
      }),
      runs,
    )
  })
})

async function claimed(engine: Engine) {
  const problems: string[] = []
  const signal = new AbortController().signal
  const { release } = await claim(engine, 'shop', { verb: 'up', signal, tell: p => void problems.push(p.code) })
  return { problems, release }
}

/** What a command leaves that is killed while it holds the claim: nobody is told that it is over. */
async function leaveClaim(engine: Engine): Promise<void> {
  const { release } = await claimed({
    ...engine,
    removeVolume: () => Promise.reject(new EngineError('failed', 'killed')),
  })
  await release()
}
