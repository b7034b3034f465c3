import { LABEL } from '../../src/model/names.ts'
import type { Service } from '../../src/model/project.ts'
import { type FakeEngine, fakeEngine } from '../kit/fake-engine.ts'

/** On how many projects a law is tried, and from which seed: more of both by night. */
export const runs = {
  numRuns: Number(process.env.GANTRY_LAW_RUNS ?? 300),
  seed: Number(process.env.GANTRY_LAW_SEED ?? 1),
}

/** What no project has made, and some use. */
export const external = { network: 'outer', volume: 'kept' } as const

/** An engine with the images of generated projects, and what these use of others. `takes` as of the fake. */
export async function anEngine(takes = 0): Promise<FakeEngine> {
  const fake = fakeEngine({
    images: { 'app:1': {}, 'app:2': { volumes: ['/data'] }, 'job:1': {} },
    // What hooks run in containers of their own ends, too.
    behave: ({ image, labels }) => (image.startsWith('job') || LABEL.hook in labels ? { exits: 0 } : {}),
    takes,
  })
  fake.addNetwork(external.network, { labels: {} })
  await fake.engine.createVolume(external.volume, { labels: {} })
  return fake
}

/** Whether containers of a service end by themselves. */
export const isJob = (service: Service | undefined): boolean => service?.image?.startsWith('job') ?? false

/** A turn of the event loop. */
export const turn = () => new Promise<void>(resolve => setImmediate(resolve))

export const claims = (fake: FakeEngine): readonly string[] =>
  fake
    .volumes()
    .map(v => v.name)
    .filter(name => name.startsWith('gantry-'))
