import fc from 'fast-check'
import { down } from '../../src/actions/down.ts'
import { planUp } from '../../src/actions/plan-up.ts'
import { up } from '../../src/actions/up.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { EngineError } from '../../src/engine/errors.ts'
import { LABEL } from '../../src/model/names.ts'
import type { Project } from '../../src/model/project.ts'
import type { FakeEngine } from '../kit/fake-engine.ts'
import { quietly } from '../kit/run.ts'
import { runner } from '../kit/runner.ts'
import { isJob } from './world.ts'

const wishes = { removeOrphans: true, ask: async () => true }

export const goUp = (engine: Engine, project: Project, signal?: AbortSignal) =>
  up(project, { ...quietly({ engine }), ...wishes, ...(signal && { signal }) })

export const goDown = (engine: Engine, project: Project) =>
  down(project.name, project, { ...quietly({ engine }), ...wishes })

/** What one command is to do. */
export interface Deed {
  readonly verb: 'up' | 'down'
  readonly project: Project
}

export const go = (engine: Engine, { verb, project }: Deed) => (verb === 'up' ? goUp : goDown)(engine, project)

/** What `up` still has to do, ended one-shots apart: these start again each time. */
export async function left(fake: FakeEngine, project: Project): Promise<readonly string[]> {
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

/** What goes wrong with a command at its nth call: that one is refused, its connection is cut, or the command is killed. */
interface Cut {
  readonly nth: number
  readonly what: 'refused' | 'lost' | 'killed'
  readonly when: 'before' | 'during' | 'after'
}

export const anyCut: fc.Arbitrary<Cut> = fc.record({
  nth: fc.nat(100),
  what: fc.constantFrom('refused', 'refused', 'lost', 'killed', 'killed'),
  when: fc.constantFrom('before', 'during', 'after'),
})

/** Does it as far as it gets, and says whether it went wrong before it was over. */
export async function interrupted(fake: FakeEngine, deed: Deed, { nth, what, when }: Cut): Promise<boolean> {
  let hit = false
  fake.inject((_, n) => {
    if (n !== nth) return undefined
    hit = true
    if (what === 'killed') return undefined
    const error = what === 'refused' && { error: new EngineError('failed', 'server error', { status: 500 }) }
    return { when: when === 'before' ? 'before' : 'after', ...error }
  })
  const engine = what === 'killed' ? runner(fake.engine, { killed: { nth, when } }) : fake.engine
  await go(engine, deed).catch(() => {})
  fake.inject(undefined)
  return hit
}
