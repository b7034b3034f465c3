import type { Question, Reason } from '../../plan/plan.ts'
import type { Problem } from '../../text/problem.ts'
import type { Desired, DesiredNetwork, DesiredVolume } from '../desired.ts'
import type { Observed } from '../observe.ts'
import type { Policy } from './judge.ts'
import type { Difference } from './live-settings.ts'
import { reason } from './reasons.ts'
import { networkUnlike, volumeUnlike } from './resources-unlike.ts'
import { olderFirst } from './twins.ts'

/** What is to become of a declared network. */
export interface NetworkVerdict {
  readonly network: DesiredNetwork
  /** `recreate` takes everything off it first and puts it back on after. */
  readonly verdict: 'keep' | 'create' | 'recreate'
  readonly why: readonly Reason[]
  /** Id of the live one. */
  readonly live?: string
  /** One of the same key under an older name, to be removed once nothing uses it. */
  readonly old?: { readonly id: string; readonly name: string }
  /** Ids of others of the very same name, which are to go before anything names it. */
  readonly twins: readonly string[]
}

export interface VolumeVerdict {
  readonly volume: DesiredVolume
  /** `recreate` only with consent, since its data goes; `ask` until there is an answer. */
  readonly verdict: 'keep' | 'create' | 'recreate' | 'ask'
  readonly why: readonly Reason[]
}

interface Judged<V> {
  readonly verdicts: readonly V[]
  readonly problems: readonly Problem[]
  readonly questions: readonly Question[]
}

export function judgeNetworks(desired: Desired, observed: Observed, { origin }: Policy): Judged<NetworkVerdict> {
  const problems: Problem[] = []
  const used = new Set(observed.containers.flatMap(c => c.networks.map(n => n.id)))
  const verdicts = desired.networks.map((network): NetworkVerdict => {
    const place = origin.at(['networks', network.key])
    const at = place ? { at: place } : {}
    const live = observed.named.networks.get(network.name)
    if (network.external) {
      if (!live)
        problems.push({
          code: 'external-missing',
          severity: 'error',
          message: `network ${network.name} declared as external, but could not be found`,
          hint: `create it with "docker network create ${network.name}", or take "external" away`,
          ...at,
        })
      return { network, verdict: 'keep', why: [], ...(live && { live: live.id }), twins: [] }
    }
    const ours = observed.networks.filter(n => n.key === network.key)
    const [same, ...others] = olderFirst(
      ours.filter(n => n.name === network.name),
      used,
    )
    const twins = others.map(n => n.id)
    const [old] = ours.filter(n => n.name !== network.name)
    if (!same && live) {
      problems.push({
        code: 'foreign-network',
        severity: 'warning',
        message: `network "${network.name}" exists but was not made for project "${desired.project}"; it is used as it is`,
        hint: 'say "external: true" to use a network that is there already',
        ...at,
      })
      return { network, verdict: 'keep', why: [], live: live.id, twins }
    }
    if (!same) {
      const why = [
        old ? reason('renamed', { path: 'name', from: old.name, to: network.name, ...at }) : reason('missing', at),
      ]
      return { network, verdict: 'create', why, ...(old && { old: { id: old.id, name: old.name } }), twins }
    }
    // One that carries no hash was made by something older than hashes: left alone, as docker compose does.
    if (same.hash === '' || same.hash === network.hash)
      return { network, verdict: 'keep', why: [], live: same.id, twins }
    return {
      network,
      verdict: 'recreate',
      why: changes(`networks.${network.key}`, live ? networkUnlike(network.spec, live) : [], at),
      live: same.id,
      twins,
    }
  })
  return { verdicts, problems, questions: [] }
}

function changes(path: string, differences: readonly Difference[], at: Pick<Reason, 'at'>): readonly Reason[] {
  if (differences.length === 0) return [reason('changed', { path, ...at })]
  return differences.map(({ path: part, ...values }) =>
    reason('changed', { path: `${path}.${part}`, ...values, ...at }),
  )
}

export function judgeVolumes(
  desired: Desired,
  observed: Observed,
  { origin, consents }: Policy,
): Judged<VolumeVerdict> {
  const problems: Problem[] = []
  const questions: Question[] = []
  const verdicts = desired.volumes.map((volume): VolumeVerdict => {
    const place = origin.at(['volumes', volume.key])
    const at = place ? { at: place } : {}
    const live = observed.named.volumes.get(volume.name)
    if (volume.external) {
      if (!live)
        problems.push({
          code: 'external-missing',
          severity: 'error',
          message: `external volume "${volume.name}" not found`,
          hint: `create it with "docker volume create ${volume.name}", or take "external" away`,
          ...at,
        })
      return { volume, verdict: 'keep', why: [] }
    }
    const same = observed.volumes.find(v => v.key === volume.key && v.name === volume.name)
    if (!same && live) {
      problems.push({
        code: 'foreign-volume',
        severity: 'warning',
        message: `volume "${volume.name}" already exists but was not created for project "${desired.project}"; it is used as it is`,
        hint: 'say "external: true" to use a volume that is there already',
        ...at,
      })
      return { volume, verdict: 'keep', why: [] }
    }
    if (!same) return { volume, verdict: 'create', why: [reason('missing', at)] }
    if (same.hash === '' || same.hash === volume.hash) return { volume, verdict: 'keep', why: [] }
    const differences = live ? volumeUnlike(volume.spec, live) : []
    // All that is said of a volume can be seen on it: whatever the label was taken of, this one is as declared.
    if (live && differences.length === 0) return { volume, verdict: 'keep', why: [] }
    const why = changes(`volumes.${volume.key}`, differences, at)
    const id = `volume:${volume.name}`
    if (consents.get(id) === true) return { volume, verdict: 'recreate', why }
    if (!consents.has(id)) {
      questions.push({
        id,
        ask: `Volume "${volume.name}" exists but doesn't match configuration in compose file. Recreate (data will be lost)?`,
      })
      return { volume, verdict: 'ask', why }
    }
    problems.push({
      code: 'volume-differs',
      severity: 'warning',
      message: `volume "${volume.name}" is not as configured and was left as it is: recreating it would lose its data`,
      ...at,
    })
    return { volume, verdict: 'keep', why: [] }
  })
  return { verdicts, problems, questions }
}
