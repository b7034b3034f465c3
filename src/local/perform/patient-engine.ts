import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../../engine/engine.ts'
import { isEngineError } from '../../engine/errors.ts'
import type { Problem } from '../../text/problem.ts'

export interface Patience {
  /** Ends waiting. */
  readonly signal: AbortSignal
  /** Told once for each time that the engine is away. */
  readonly warn: (problem: Problem) => void
  /** For how long an engine may be away, in milliseconds. */
  readonly patience?: number
}

/**
 * The same engine, whose absence is waited out: what may be asked for twice is asked for again until the engine is back, as
 * after a restart. Whether the first call was heard nobody knows, so what has been done already counts as done. What runs
 * programs or hands over streams fails at once.
 */
export function patientEngine(engine: Engine, { signal, warn, patience = 30_000 }: Patience): Engine {
  let away: { readonly since: number; told: boolean } | undefined
  const again = async <T>(attempt: () => Promise<T>, done?: () => Promise<boolean>): Promise<T | undefined> => {
    for (let pause = 10, failures = 0; ; pause = Math.min(pause * 2, 500), failures++) {
      try {
        const result = await attempt()
        away = undefined
        return result
      } catch (error) {
        if (failures > 0 && done && isEngineError(error) && error.reason !== 'unreachable' && (await done()))
          return undefined
        if (signal.aborted || !isEngineError(error, 'unreachable')) throw error
        away ??= { since: performance.now(), told: false }
        if (performance.now() - away.since > patience) throw error
        // A single connection may be cut without more.
        if (failures === 1 && !away.told) {
          away.told = true
          const hint = `it may be restarting: this waits ${patience / 1000} s for it`
          warn({ code: 'engine-away', severity: 'warning', message: error.message, hint })
        }
        await sleep(pause, undefined, { signal }).catch(() => {
          throw error
        })
      }
    }
  }
  const sure = async <T>(attempt: () => Promise<T>): Promise<T> => (await again(attempt)) as T
  const isOn = async (container: string, network: string) => {
    const { networks } = await engine.inspectContainer(container)
    return networks.some(n => n.name === network || n.id === network)
  }
  const idOf = (container: string) =>
    engine.inspectContainer(container).then(
      ({ id }) => id,
      () => undefined,
    )
  return {
    ...engine,
    listContainers: filter => sure(() => engine.listContainers(filter)),
    inspectContainer: id => sure(() => engine.inspectContainer(id)),
    inspectExec: id => sure(() => engine.inspectExec(id)),
    listNetworks: project => sure(() => engine.listNetworks(project)),
    inspectNetwork: name => sure(() => engine.inspectNetwork(name)),
    inspectImage: (reference, options) => sure(() => engine.inspectImage(reference, options)),
    events: (filter, options) => sure(() => engine.events(filter, options)),
    listEndpoints: network => sure(() => engine.listEndpoints(network)),
    createNetwork: (name, spec) => sure(() => engine.createNetwork(name, spec)),
    removeNetwork: id => sure(() => engine.removeNetwork(id)),
    createVolume: (name, spec) => sure(() => engine.createVolume(name, spec)),
    removeVolume: name => sure(() => engine.removeVolume(name)),
    createContainer: (name, spec, options) => sure(() => engine.createContainer(name, spec, options)),
    startContainer: (id, options) => sure(() => engine.startContainer(id, options)),
    stopContainer: (id, options) => sure(() => engine.stopContainer(id, options)),
    removeContainer: (id, options) => sure(() => engine.removeContainer(id, options)),
    updateContainer: (id, change) => sure(() => engine.updateContainer(id, change)),
    async connectNetwork(network, container, endpoint) {
      const attempt = () => engine.connectNetwork(network, container, endpoint)
      await again(attempt, () => isOn(container, network))
    },
    async disconnectNetwork(network, container, options) {
      const attempt = () => engine.disconnectNetwork(network, container, options)
      await again(attempt, async () => !(await isOn(container, network)))
    },
    async renameContainer(container, to) {
      const attempt = () => engine.renameContainer(container, to)
      await again(attempt, async () => {
        const [before, after] = await Promise.all([idOf(container), idOf(to)])
        return after !== undefined && (before === undefined || before === after)
      })
    },
  }
}
