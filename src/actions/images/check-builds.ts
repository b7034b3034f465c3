import { EngineError } from '../../engine/errors.ts'
import type { LiveEngine } from '../../engine/live.ts'
import { checkImage } from '../../local/build/image.ts'
import type { Project } from '../../model/project.ts'
import type { Problem } from '../../text/problem.ts'
import { checkProblem } from './build-log.ts'
import { type BuildOptions, buildPlan } from './prepare.ts'

/** What the checks of the services' Dockerfiles find, each once; nothing is built. Throws UserError and EngineError. */
export async function checkBuilds(
  project: Project,
  options: BuildOptions & { readonly engine: Pick<LiveEngine, 'checkBuild' | 'info'> },
): Promise<readonly Problem[]> {
  const { engine, signal } = options
  if (!engine.info.features.has('build-checks'))
    throw new EngineError(
      'unsupported',
      'checking a Dockerfile without building needs Docker Engine 27.0 with BuildKit',
      {
        hint: 'use a newer engine',
      },
    )
  const plan = await buildPlan(project, options)
  const found = await Promise.all(
    plan.steps.flatMap(({ step }) => (step.op === 'build-image' ? [checkImage(step.build, engine, signal)] : [])),
  )
  const problems = found.flat().map(checkProblem)
  return [
    ...new Map(
      problems.map(problem => [JSON.stringify([problem.message, problem.at?.source.name, problem.at?.start]), problem]),
    ).values(),
  ]
}
