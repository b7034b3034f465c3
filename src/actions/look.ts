import type { Engine } from '../engine/engine.ts'
import { type Desired, desire, type Wishes } from '../local/desired.ts'
import { type Images, localImages } from '../local/images.ts'
import type { Policy } from '../local/judge.ts'
import { type Observed, observe } from '../local/observe.ts'
import { reconcile } from '../local/reconcile.ts'
import { parentIn } from '../local/replicas.ts'
import { seccompProfiles } from '../local/security.ts'
import type { Step } from '../local/steps.ts'
import type { Project } from '../model/project.ts'
import type { Plan } from '../plan/plan.ts'
import { type Problem, UserError } from '../text/problem.ts'
import type { ActionOptions } from './options.ts'

export interface Looked {
  readonly plan: Plan<Step>
  readonly observed: Observed
  readonly desired: Desired
  readonly images: Images
  /** Warnings; errors were thrown. */
  readonly problems: readonly Problem[]
}

export interface LookOptions extends Pick<ActionOptions, 'engine' | 'ask' | 'dryRun'> {
  readonly wishes: Omit<Wishes, 'images' | 'parent' | 'features' | 'seccomp'>
  readonly policy: Omit<Policy, 'consents' | 'uncertain' | 'untold'>
  /** Services whose image may be another one after the first stage, as found by what the engine has now. */
  readonly uncertain: (images: Images) => ReadonlySet<string>
  /** Services whose variables are yet to be told. */
  readonly untold?: () => ReadonlySet<string>
  readonly consents: Map<string, boolean>
}

/**
 * Observes, judges and drafts. Asks what the plan asks and drafts again with the answers; where nobody can be asked, a
 * plan to be executed takes the answer no, one to be shown keeps the question.
 * Throws UserError for what must stop everything: external things that are not there.
 */
export async function look(project: Project, options: LookOptions): Promise<Looked> {
  const { engine, wishes, policy, ask, consents, dryRun = false } = options
  const [images, observed, seccomp] = await Promise.all([
    localImages(engine, project, wishes.separator),
    observeProject(engine, project),
    seccompProfiles(project),
  ])
  const untold = options.untold?.() ?? new Set<string>()
  const desired = desire(project, {
    ...wishes,
    // What is compared with unknown variables would seem changed each time.
    recreate: service => (untold.has(service) ? 'never' : (wishes.recreate?.(service) ?? 'changed')),
    images,
    features: engine.info.features,
    parent: parentIn(observed),
    seccomp,
  })
  const uncertain = new Set([...options.uncertain(images), ...untold])
  for (;;) {
    const { plan, problems } = reconcile(desired, observed, { ...policy, consents, uncertain, untold })
    const errors = problems.filter(p => p.severity === 'error')
    if (errors.length > 0) throw new UserError(errors)
    if (plan.questions.length === 0 || dryRun) return { plan, observed, desired, images, problems }
    for (const question of plan.questions) consents.set(question.id, (await ask?.(question)) ?? false)
  }
}

function observeProject(engine: Engine, project: Project): Promise<Observed> {
  return observe(engine, project.name, {
    networks: Object.values(project.networks).map(n => n.name),
    volumes: Object.values(project.volumes).map(v => v.name),
    inspect: c => c.kind === 'replica',
  })
}
