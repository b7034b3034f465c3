import type { Draft } from '../../plan/plan.ts'
import type { Judgement } from '../judge/judge.ts'
import { reason } from '../judge/reasons.ts'
import type { Step } from '../steps.ts'
import { networkUnit, volumeUnit } from '../units.ts'

/** By the name of a network or volume: the step that makes it. */
export type Made = ReadonlyMap<string, number>

/** Networks and volumes: made where they are missing; for one that changed, everything is taken off it first. */
export function draftResources(
  judgement: Judgement,
  gone: ReadonlyMap<string, number>,
  plan: Draft<Step>,
): { networks: Made; volumes: Made; dropOld: (after: readonly number[]) => void } {
  const networks = new Map<string, number>()
  const volumes = new Map<string, number>()
  for (const { network, verdict, why, live, twins } of judgement.networks) {
    const unit = networkUnit(network.name)
    const single = twins.reduce<number | undefined>((before, twin) => {
      plan.change(unit, 'remove', [reason('twin')])
      return plan.add(unit, { op: 'remove-network', network: twin }, [reason('twin')], before)
    }, undefined)
    if (verdict === 'keep') {
      if (single !== undefined) networks.set(network.name, single)
      continue
    }
    plan.change(unit, verdict, why)
    let dropped: number | undefined
    if (verdict === 'recreate' && live !== undefined) {
      const users = judgement.containers.filter(v => v.container.networks.some(n => n.id === live))
      const off = users.map(({ container }) => {
        const removed = gone.get(container.id)
        if (removed !== undefined) return removed
        const step: Step = { op: 'disconnect-network', network: live, container: container.id }
        return plan.add(unit, step, why)
      })
      dropped = plan.add(unit, { op: 'remove-network', network: live }, why, ...off)
    }
    const step: Step = { op: 'create-network', name: network.name, spec: network.spec }
    networks.set(network.name, plan.add(unit, step, why, dropped, single))
  }

  for (const { volume, verdict, why } of judgement.volumes) {
    if (verdict === 'keep') continue
    const unit = volumeUnit(volume.name)
    plan.change(unit, verdict, why)
    if (verdict === 'ask') continue
    let dropped: number | undefined
    if (verdict === 'recreate') {
      const users = judgement.containers.filter(v => v.container.mounts.some(m => m.name === volume.name))
      dropped = plan.add(
        unit,
        { op: 'remove-volume', name: volume.name },
        why,
        ...users.map(v => gone.get(v.container.id)),
      )
    }
    volumes.set(
      volume.name,
      plan.add(unit, { op: 'create-volume', name: volume.name, spec: volume.spec }, why, dropped),
    )
  }

  /** Networks under a name that they no longer have go last, and only if nothing else uses them. */
  const dropOld = (after: readonly number[]) => {
    for (const { old } of judgement.networks) {
      if (!old) continue
      const why = [reason('renamed')]
      plan.add(networkUnit(old.name), { op: 'remove-network', network: old.id, tolerate: true }, why, ...after)
    }
  }
  return { networks, volumes, dropOld }
}
