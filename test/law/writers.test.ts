import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { down } from '../../src/actions/down.ts'
import { planUp, up } from '../../src/actions/up.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { EngineError } from '../../src/engine/errors.ts'
import { claim } from '../../src/local/perform/claim.ts'
import { LABEL } from '../../src/model/names.ts'
import type { Project } from '../../src/model/project.ts'
import { type FakeEngine, fakeEngine } from '../kit/fake-engine.ts'
import { quietly } from '../kit/run.ts'
import { runner } from '../kit/runner.ts'
import { anyProject, isJob, runs, world } from './projects.ts'

const pauses = fc.array(fc.nat(6), { minLength: 1, maxLength: 12 })
const death = fc.record({
  nth: fc.nat(60),
  when: fc.constantFrom('before' as const, 'during' as const, 'after' as const),
})

const goUp = (engine: Engine, project: Project) =>
  up(project, { ...quietly({ engine }), removeOrphans: true, ask: async () => true })
const goDown = (engine: Engine, project: Project) =>
  down(project.name, project, { ...quietly({ engine }), removeOrphans: true })

/** What is left to do, ended one-shots apart: these start again each time. */
async function left(fake: FakeEngine, project: Project): Promise<string[]> {
  const ofJob = (name: string) => {
    const service = fake.containers().find(c => c.name === name)?.spec.labels[LABEL.service]
    return service !== undefined && isJob(project.services[service])
  }
  const stages = await planUp(project, { ...quietly(fake), removeOrphans: true })
  return stages
    .flatMap(s => s.outline.changes)
    .filter(c => !(c.verdict === 'start' && ofJob(c.unit.name)))
    .map(c => `${c.unit.name} ${c.verdict}`)
}

const claims = (fake: FakeEngine) =>
  fake
    .volumes()
    .map(v => v.name)
    .filter(name => name.startsWith('gantry-'))

describe('whatever gets between two commands', { timeout: 1_800_000 }, () => {
  test('two ups end well, and in what one of them was to reach', async () => {
    await fc.assert(
      fc.asyncProperty(anyProject, anyProject, anyProject, pauses, pauses, async (before, one, other, a, b) => {
        const fake = fakeEngine(world)
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
        const fake = fakeEngine(world)
        await goUp(fake.engine, before)
        await Promise.all([
          goUp(runner(fake.engine, { pauses: a }), project),
          goDown(runner(fake.engine, { pauses: b }), project),
        ])
        const isDown = fake.containers().length === 0 && fake.networks().length === 0
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
        anyProject,
        anyProject,
        pauses,
        pauses,
        death,
        fc.constantFrom(0, 3, 20),
        async (before, one, other, a, b, at, takes) => {
          const fake = fakeEngine({ ...world, takes })
          await goUp(fake.engine, before)
          await Promise.all([
            goUp(runner(fake.engine, { pauses: a, killed: at }), one).catch(() => void killed++),
            goUp(runner(fake.engine, { pauses: b }), other),
          ])
          // The one that was killed may have come after, and what it had asked for last may still be under way.
          for (let i = 0; i < takes; i++) await turn()
          await goUp(fake.engine, other)
          expect(await left(fake, other)).toEqual([])
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
      killed: fc.option(fc.record({ nth: fc.nat(12), when: death.map(d => d.when) }), { nil: undefined, freq: 2 }),
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
        expect(fake.volumes().map(v => v.name)).not.toContain('gantry-lock-shop')
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

const turn = () => new Promise<void>(resolve => setImmediate(resolve))
