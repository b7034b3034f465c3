import { OUR_LABEL } from '../model/names.ts'
import type { Project, Service } from '../model/project.ts'
import type { Plan } from '../plan/plan.ts'
import type { Problem } from '../text/problem.ts'
import type { Observed } from './observe.ts'
import type { Step } from './steps.ts'

type Kind = 'post_start' | 'pre_stop'

const kinds: readonly Kind[] = ['post_start', 'pre_stop']

const due: Partial<Record<Step['op'], readonly Kind[]>> = {
  'start-container': ['post_start'],
  'stop-container': ['pre_stop'],
  'restart-container': kinds,
}

/** Which hooks run inside a service's containers, as their label says it; undefined for none. What they run is not for labels: it may be secret. */
export function hookKinds(service: Service): string | undefined {
  return kinds.filter(kind => service[kind]?.length).join(',') || undefined
}

/**
 * A warning for hooks that a plan passes over: containers say in a label that they have some, and only the file, which is not
 * there or speaks of the service no more, says what these are.
 */
export function lostHooks(
  plan: Plan<Step>,
  { containers }: Pick<Observed, 'containers'>,
  project: Project | undefined,
): readonly Problem[] {
  const isDeclared = (service: string) =>
    project !== undefined && (Object.hasOwn(project.services, service) || Object.hasOwn(project.disabled, service))
  const lost = new Map<Kind, Set<string>>()
  for (const { step } of plan.steps) {
    const c = 'container' in step ? containers.find(({ id }) => id === step.container) : undefined
    if (!c || c.kind !== 'replica' || isDeclared(c.service)) continue
    const has = c.labels[OUR_LABEL.hooks]?.split(',') ?? []
    for (const kind of due[step.op] ?? [])
      if (has.includes(kind)) lost.set(kind, (lost.get(kind) ?? new Set()).add(c.service))
  }
  return [...lost].map(([kind, services]) => ({
    code: 'hooks-not-run',
    severity: 'warning',
    message: `the ${kind} hooks of ${[...services].map(s => `"${s}"`).join(', ')} are not run: only the file that declares them says what they are`,
    hint: 'name that file with --file for them to be run',
  }))
}
