import { draft, type Plan } from '../plan/plan.ts'
import type { Problem } from '../text/problem.ts'
import type { Desired, DesiredService } from './desired.ts'
import {
  borrowing,
  type Drafted,
  draftAmendment,
  draftCreation,
  draftRemoval,
  draftReplacement,
} from './draft/container.ts'
import {
  type After,
  addStop,
  awaited,
  type Drafting,
  dependenciesReady,
  finalCondition,
  unitOf,
} from './draft/drafting.ts'
import { draftResources } from './draft/resources.ts'
import { addForgetting } from './hook-marks.ts'
import { type Judgement, judge, type Policy, type Verdict } from './judge/judge.ts'
import { reason } from './judge/reasons.ts'
import { isUp, type Observed } from './observe.ts'
import type { Step } from './steps.ts'
import { serviceUnit } from './units.ts'

export interface Reconciled {
  readonly plan: Plan<Step>
  readonly problems: readonly Problem[]
}

/** The steps that turn `observed` into `desired`. Pure: same inputs, same plan, to the byte. */
export function reconcile(desired: Desired, observed: Observed, policy: Policy): Reconciled {
  const judgement = judge(desired, observed, policy)
  const plan = draft<Step>()
  const drafting: Drafting = {
    desired,
    observed,
    project: desired.project,
    policy,
    judgement,
    plan,
    gone: new Map(),
    halted: new Map(),
    ready: new Map(),
    refs: new Map(),
    waits: new Map(),
    gated: gatedServices(desired, judgement),
    networks: new Map(),
    volumes: new Map(),
  }
  for (const v of judgement.containers) if (v.verdict === 'remove' || v.verdict === 'rebuild') draftRemoval(v, drafting)
  haltDependants(drafting)
  const resources = draftResources(judgement, drafting.gone, plan)
  drafting.networks = resources.networks
  drafting.volumes = resources.volumes
  for (const service of desired.services) draftService(service, drafting)
  for (const v of judgement.containers)
    if (!v.service && v.verdict === 'amend') draftAmendment(v, v.amend, undefined, drafting).finish([])
  resources.dropOld([...drafting.ready.values()].flat())
  if (policy.wait && policy.start)
    for (const { name } of desired.services) awaited(name, finalCondition(name, desired), drafting, policy.wait.timeout)
  for (const question of judgement.questions) plan.ask(question)
  addForgetting(plan, observed)
  return { plan: plan.done(), problems: judgement.problems }
}

/** Dependants that ask for it (`depends_on.restart`) stop before what they depend on does. */
function haltDependants(drafting: Drafting): void {
  for (const v of drafting.judgement.containers) {
    if (v.verdict !== 'amend' || v.amend.run !== 'restart') continue
    if (!v.why.some(r => r.code === 'dependency-replaced')) continue
    const { container, service, why } = v
    const unit = unitOf(container.name, drafting)
    drafting.halted.set(container.id, addStop(drafting, unit, container, service?.preStop ?? [], why))
  }
}

/** Services that somebody who is about to start waits for, to be healthy. */
function gatedServices(desired: Desired, judgement: Judgement): Set<string> {
  const starts = (v: Verdict) =>
    v.verdict === 'replace' || v.verdict === 'rebuild' || (v.verdict === 'amend' && v.amend.run !== undefined)
  const starting = desired.services.filter(
    s => judgement.missing.get(s.name)!.length > 0 || judgement.containers.some(v => v.service === s && starts(v)),
  )
  const needs = starting.flatMap(s => [...s.needs])
  return new Set(needs.filter(([, n]) => n.condition === 'service_healthy' && n.required).map(([name]) => name))
}

function draftService(service: DesiredService, drafting: Drafting): void {
  const { judgement, policy, plan } = drafting
  const mine = judgement.containers.filter(v => v.service === service)
  const drafts: (() => Drafted)[] = []
  const refs: string[] = []
  for (const v of mine) {
    const name = service.containerName(v.container.number)
    if (v.verdict === 'amend') drafts.push(() => draftAmendment(v, v.amend, service, drafting))
    if (v.verdict === 'replace') drafts.push(() => draftReplacement(v, service, drafting))
    if (v.verdict === 'rebuild')
      drafts.push(() => draftCreation(service, v.container.number, 'recreate', v.why, drafting, v.container))
    if (v.verdict === 'keep' && policy.uncertain.has(service.name)) {
      const why = policy.untold?.has(service.name)
        ? [reason('if-changed', { path: 'environment' })]
        : [reason('if-changed', { path: 'image', to: service.imageName })]
      plan.change(unitOf(v.container.name, drafting), 'check', why)
    }
    if (v.verdict === 'keep' || v.verdict === 'amend') refs.push(v.container.id)
    if (v.verdict === 'replace' || v.verdict === 'rebuild') refs.push(name)
  }
  const at = policy.origin.at(['services', service.name])
  for (const number of judgement.missing.get(service.name)!) {
    drafts.push(() => draftCreation(service, number, 'create', [reason('missing', at ? { at } : {})], drafting))
    refs.push(service.containerName(number))
  }
  drafting.refs.set(service.name, refs)
  drafting.ready.set(service.name, finishAll(service, drafts, mine, drafting))
}

/** Between what prepares containers and what starts them stand the hooks that run before the first one starts. */
function finishAll(
  service: DesiredService,
  drafts: readonly (() => Drafted)[],
  mine: readonly Verdict[],
  drafting: Drafting,
): readonly number[] {
  // A replacement that an interrupted run has started had its hooks before.
  const staysUp = (v: Verdict) =>
    v.verdict === 'replace'
      ? v.made !== undefined && isUp(v.made)
      : isUp(v.container) && (v.verdict === 'keep' || (v.verdict === 'amend' && !drafting.halted.has(v.container.id)))
  const hooked = service.hasPreStart && drafting.policy.start && drafts.length > 0 && !mine.some(staysUp)
  if (!hooked) return drafts.flatMap(begin => begin().finish([]))
  const begun = drafts.map(begin => begin())
  const gate = draftPreStart(
    service,
    begun.flatMap(d => [...d.prepared]),
    drafting,
  )
  return begun.flatMap(d => d.finish(gate))
}

function draftPreStart(service: DesiredService, prepared: After, drafting: Drafting): After {
  const { parent, late } = borrowing(service, drafting)
  const replaced = drafting.judgement.containers.find(v => v.service === service && v.verdict === 'replace')
  const sibling = replaced ? replaced.container.id : drafting.refs.get(service.name)![0]!
  let after: After = [...prepared, ...dependenciesReady(service, drafting)]
  service.preStart(sibling, { parent }).forEach(({ name, spec }, i) => {
    const step: Step = {
      op: 'run-to-end',
      name,
      spec,
      what: `service "${service.name}" pre_start[${i}]`,
      ...(late && { late }),
    }
    after = [drafting.plan.add(serviceUnit(service.name), step, [], ...after)]
  })
  return after
}
