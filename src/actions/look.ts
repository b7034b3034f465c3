import { seccompProfiles } from '../local/container/security.ts'
import { type Desired, desire, desiredResources, type Wishes } from '../local/desired.ts'
import { type Images, localImages } from '../local/images/images.ts'
import type { Policy } from '../local/judge/judge.ts'
import { parentIn } from '../local/judge/replicas.ts'
import { lostHooks } from '../local/lost-hooks.ts'
import type { Observed } from '../local/observe.ts'
import { reconcile } from '../local/reconcile.ts'
import type { Step } from '../local/steps.ts'
import type { Project } from '../model/project.ts'
import type { Plan } from '../plan/plan.ts'
import { type Problem, UserError, userError } from '../text/problem.ts'
import { consent } from './consent.ts'
import { observeProject } from './observe-project.ts'
import type { ActionOptions } from './options.ts'
import { sharedNetworks } from './shared-networks.ts'

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
  /** Given back where the lists of what there is are still the same. */
  readonly before?: Looked
  /** What is seen by a look that has begun already. */
  readonly seen?: Promise<Observed>
  /** The project with more of its services, which were not asked for. */
  readonly beyond?: (services: readonly string[]) => Promise<Pick<Wishes, 'contents'> & { readonly project: Project }>
}

/**
 * Observes, judges and drafts. Asks what the plan asks and drafts again with the answers; where nobody can be asked, a
 * plan to be executed takes the answer no, one to be shown keeps the question.
 * Where data goes that other services of the project hold too, these are looked at as well: their containers come back.
 * Throws UserError for what must stop everything: external things that are not there, networks to be made anew that
 * others are on.
 */
export async function look(project: Project, options: LookOptions): Promise<Looked> {
  const { engine, wishes, policy, consents, dryRun = false } = options
  const { before } = options
  if (before && (await observeProject(engine, project, before.observed)) === before.observed) return before
  const looking = Promise.all([
    localImages(engine, project, wishes.separator),
    options.seen ?? observeProject(engine, project),
    seccompProfiles(project),
  ])
  looking.catch(() => {})
  // While the engine is at it: hashing alone has 8 ms to load.
  await new Promise(resolve => setImmediate(resolve))
  const resources = desiredResources(project)
  const [images, observed, seccomp] = await looking
  const untold = options.untold?.() ?? new Set<string>()
  const desired = desire(
    project,
    {
      ...wishes,
      // What is compared with unknown variables would seem changed each time.
      recreate: service => (untold.has(service) ? 'never' : (wishes.recreate?.(service) ?? 'changed')),
      images,
      features: engine.info.features,
      parent: parentIn(observed),
      seccomp,
    },
    resources,
  )
  const uncertain = new Set([...options.uncertain(images), ...untold])
  const shared: Problem[] = []
  for (;;) {
    const { plan, problems } = reconcile(desired, observed, { ...policy, consents, uncertain, untold })
    const errors = [...problems, ...(await sharedNetworks(plan, desired, observed, engine))].filter(
      p => p.severity === 'error',
    )
    if (errors.length > 0) throw new UserError(errors)
    if (plan.questions.length === 0 || dryRun) {
      const bereft = bereftBy(plan, desired, observed)
      if (bereft.length > 0 && options.beyond) return lookBeyond(bereft, observed, options)
      const lost = lostHooks(plan, observed, project)
      return { plan, observed, desired, images, problems: [...shared, ...problems, ...lost] }
    }
    for (const question of plan.questions) {
      const answer = await consent(question, desired, observed, options)
      consents.set(question.id, answer.yes)
      shared.push(...answer.problems)
    }
  }
}

/** Services that are declared and not asked for, whose containers have a volume that goes. */
function bereftBy(plan: Plan<Step>, { services, declared }: Desired, { containers }: Observed): readonly string[] {
  const going = new Set(plan.steps.flatMap(({ step }) => (step.op === 'remove-volume' ? [step.name] : [])))
  const asked = new Set(services.map(s => s.name))
  const users = containers.filter(
    c =>
      c.kind === 'replica' &&
      declared.has(c.service) &&
      !asked.has(c.service) &&
      c.mounts.some(m => going.has(m.name!)),
  )
  return [...new Set(users.map(c => c.service))]
}

async function lookBeyond(bereft: readonly string[], observed: Observed, options: LookOptions): Promise<Looked> {
  const { beyond, seen: _1, ...rest } = options
  const { project, contents } = await beyond!(bereft)
  const { wishes } = options
  const countOf = (service: string) =>
    observed.containers.filter(c => c.kind === 'replica' && c.service === service).length
  const crowded = bereft.find(
    service => project.services[service]?.container_name !== undefined && countOf(service) > 1,
  )
  if (crowded !== undefined)
    throw userError(
      'volume-shared',
      `a volume that is to be made anew is also used by ${countOf(crowded)} containers of "${crowded}", which can only have one now`,
      'name that service too, so that it is scaled down',
    )
  const bystanders = new Set(bereft)
  const looked = await look(project, {
    ...rest,
    wishes: {
      ...wishes,
      ...(contents && { contents }),
      bystanders,
      scale: { ...wishes.scale, ...Object.fromEntries(bereft.map(service => [service, countOf(service)])) },
      recreate: service => (bystanders.has(service) ? 'never' : (wishes.recreate?.(service) ?? 'changed')),
    },
  })
  const imageless = bereft.filter(service => !looked.images.of(service))
  if (imageless.length === 0) return looked
  throw userError(
    'volume-shared',
    `a volume that is to be made anew is also used by "${imageless.join('", "')}", which has no image here`,
    'name that service too, so that its image is pulled or built first',
  )
}
