import fc from 'fast-check'
import type { FakeEngine } from '../kit/fake-engine.ts'

/** What somebody does behind our back to the nth container that there is. */
interface Meddling {
  readonly nth: number
  readonly what:
    | 'stop'
    | 'pause'
    | 'remove'
    | 'rename'
    | 'limit'
    | 'restart policy'
    | 'disconnect'
    | 'realias'
    | 'remove network'
}

export const anyMeddling: fc.Arbitrary<Meddling> = fc.record({
  nth: fc.nat(6),
  what: fc.constantFrom(
    'stop',
    'pause',
    'remove',
    'rename',
    'limit',
    'restart policy',
    'disconnect',
    'realias',
    'remove network',
  ),
})

export async function meddle({ engine, containers }: FakeEngine, { nth, what }: Meddling): Promise<void> {
  const all = containers()
  const c = all[nth % all.length]
  if (!c) return
  const [network] = c.networks.values()
  switch (what) {
    case 'stop':
      return engine.stopContainer(c.id)
    case 'pause':
      return c.state === 'running' ? engine.pauseContainer(c.id) : undefined
    case 'remove':
      return engine.removeContainer(c.id, { force: true })
    case 'rename':
      return engine.renameContainer(c.id, `odd-${nth}-${c.id.slice(0, 6)}`)
    case 'limit':
      return engine.updateContainer(c.id, { resources: { memory: 32e6 } })
    case 'restart policy':
      return engine.updateContainer(c.id, { restart: { name: 'unless-stopped' } })
    case 'disconnect':
      return network && engine.disconnectNetwork(network.name, c.id).catch(() => {})
    case 'realias':
      if (!network) return
      await engine.disconnectNetwork(network.name, c.id).catch(() => {})
      return engine.connectNetwork(network.name, c.id, { network: network.name }).catch(() => {})
    case 'remove network':
      if (!network || network.name === 'outer') return
      for (const other of all) await engine.stopContainer(other.id)
      // A stopped container may remember a network that has gone.
      return engine.removeNetwork(network.name).catch(() => {})
  }
}
