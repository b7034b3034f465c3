import type { Engine } from '../engine/engine.ts'
import type { Desired } from '../local/desired.ts'
import type { Observed } from '../local/observe.ts'
import type { Step } from '../local/steps.ts'
import { LABEL } from '../model/names.ts'
import type { Plan } from '../plan/plan.ts'
import type { Problem } from '../text/problem.ts'

/**
 * Networks that a plan makes anew while containers of others are on them: an engine removes none of those, and ours would
 * have been taken off by then. Asks the engine only where the plan removes a network that must go.
 */
export async function sharedNetworks(
  plan: Plan<Step>,
  { project }: Desired,
  observed: Observed,
  engine: Pick<Engine, 'listContainers'>,
): Promise<readonly Problem[]> {
  const going = plan.steps.flatMap(({ step }) => (step.op === 'remove-network' && !step.tolerate ? [step.network] : []))
  const all = await Promise.all(
    going.map(async network => {
      const users = await engine.listContainers({ network })
      const others = users.filter(({ labels }) => labels[LABEL.project] !== project).map(({ name }) => name)
      const name = observed.networks.find(n => n.id === network)?.name ?? network
      return others.length === 0 ? [] : [inUse(name, others)]
    }),
  )
  return all.flat()
}

function inUse(network: string, others: readonly string[]): Problem {
  const names = others.map(name => `"${name}"`).join(', ')
  return {
    code: 'network-shared',
    severity: 'error',
    message: `network "${network}" cannot be made anew while ${names} of another project ${others.length === 1 ? 'is' : 'are'} on it`,
    hint: `take ${others.length === 1 ? 'it' : 'them'} off with "docker network disconnect ${network} ${others[0]}", or leave the network as it is`,
  }
}
