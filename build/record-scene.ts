import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { membersOf } from '../src/actions/members.ts'
import { up } from '../src/actions/up.ts'
import { probe } from '../src/actions/why/probe.ts'
import { gatherScene } from '../src/actions/why/scene.ts'
import { diagnose, type KnownFacts } from '../src/diagnose/diagnose.ts'
import type { Failure, Subject } from '../src/diagnose/scene.ts'
import { connect } from '../src/engine/connect.ts'
import { EngineError } from '../src/engine/errors.ts'
import { load } from '../src/load/load.ts'
import { LABEL } from '../src/model/names.ts'
import { PlanFailed } from '../src/plan/execute.ts'

/**
 * Records what a real engine answered where something went wrong, as test/diagnose/recorded.test.ts looks at it again:
 *
 *     cd FOLDER && DOCKER_HOST=… node …/build/record-scene.ts CODE "how it was brought about" [--as-it-is]
 *
 * The folder's project is brought up, or with --as-it-is looked at as it stands. What is told of it is written along: read it, and
 * correct the code rather than the record. Containers of other projects are left out.
 */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'as-it-is': { type: 'boolean' } } })
const [code = '', how = ''] = positionals
const engine = await connect({ env: process.env })
// Nothing of the machine's own variables gets into the record.
const { project, origin } = await load({ env: {}, cwd: process.cwd() })
const signal = new AbortController().signal

const failed = values['as-it-is'] ? [] : await failures()
const members = failed.length > 0 ? [] : await membersOf(engine, project.name)
const scene = await gatherScene(project.name, {
  engine,
  declared: { ...project, environment: {} },
  subjects: [...failed, ...members.map(({ id, name, service }) => ({ container: id, name, service }))],
  now: Date.now(),
})
let facts: KnownFacts = new Map()
for (let round = 0; round < 3; round++) {
  const { wanted } = diagnose(scene, facts, origin)
  facts = new Map([...facts, ...(await probe(wanted, engine, signal))])
}
const [told] = diagnose(scene, facts, origin).findings
const record = {
  origin: {
    engine: `${engine.info.flavour} ${engine.info.version} (API ${engine.info.apiVersion})`,
    date: new Date().toISOString().slice(0, 10),
    how,
  },
  scene: {
    ...scene,
    subjects: scene.subjects.map(withoutProbes),
    neighbours: scene.neighbours.filter(c => c.labels[LABEL.project] === project.name),
  },
  facts: [...facts].map(([key, fact]) => [JSON.parse(key), fact]),
  told: told && { ...told, at: undefined },
}
mkdirSync(resolve(import.meta.dirname, '../fixtures/scenes'), { recursive: true })
const file = resolve(import.meta.dirname, `../fixtures/scenes/${code}.json`)
writeFileSync(file, `${JSON.stringify(record, undefined, 2)}\n`)
process.stderr.write(`${file}: ${told ? `${told.code}: ${told.message}` : 'nothing is told of it'}\n`)
engine.close()

/** Each health check leaves three events, which tell nothing; what else they say of a container is in the container. */
function withoutProbes(subject: Subject): Subject {
  const telling = ['signal', 'exitCode', 'execDuration']
  return {
    ...subject,
    events: subject.events
      .filter(({ action }) => !action.startsWith('exec_'))
      .map(event => ({
        ...event,
        attributes: Object.fromEntries(Object.entries(event.attributes).filter(([name]) => telling.includes(name))),
      })),
  }
}

/** What failed while the project was brought up, as subjects. */
async function failures() {
  try {
    await up(project, { engine, emit: () => {}, signal, origin })
    return []
  } catch (error) {
    if (!(error instanceof PlanFailed)) throw error
    return error.outcome.failed.map(({ unit, op, error }) => ({
      name: unit.name,
      service: Object.keys(project.services).find(service => unit.short.startsWith(service)) ?? '',
      ...(op === 'start-container' && { container: unit.name }),
      failure: failureOf(op, error),
    }))
  }
}

function failureOf(op: string, error: unknown): Failure {
  const kinds = ['pull', 'build', 'create', 'wait'] as const
  const doing = /(network|volume)$/.exec(op)?.[1] ?? kinds.find(kind => op.startsWith(kind)) ?? 'start'
  return {
    doing: doing as Failure['doing'],
    message: error instanceof Error ? error.message : String(error),
    ...(error instanceof EngineError && error.status !== undefined && { status: error.status }),
  }
}
