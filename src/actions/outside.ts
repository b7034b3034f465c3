import { programOf } from '../base/program.ts'
import {
  dependantsOn,
  modelVariables,
  type OutsideStep,
  outsidePlan,
  providersIn,
  usedModels,
  withTold,
} from '../local/outside.ts'
import type { Performing } from '../local/perform/perform.ts'
import type { Step } from '../local/steps.ts'
import type { Project } from '../model/project.ts'
import type { Plan } from '../plan/plan.ts'
import type { Runner } from '../plugin/models.ts'
import type { ProviderMetadata } from '../plugin/provider.ts'
import type { Speaking } from '../plugin/speak.ts'
import { nowhere, type Origin } from '../text/origin.ts'
import { type Problem, UserError } from '../text/problem.ts'
import type { ActionOptions } from './options.ts'

/** What runs beside the engine for a project, services of providers and models, and what that has told so far. */
export interface Outside {
  /** Empty where the project has nothing of the kind. */
  readonly prepare: Plan<Step>
  readonly perform: NonNullable<Performing['outside']>
  /** The project with the variables that were told. */
  readonly project: () => Project
  /** Services whose variables are not known yet. */
  readonly pending: () => ReadonlySet<string>
  /** Asks again what can be known only when models are there. */
  readonly settle: () => Promise<void>
  /** Services whose provider has this command. */
  readonly commanding: (command: 'down' | 'stop') => readonly string[]
}

interface Driver {
  readonly program: string
  readonly metadata: ProviderMetadata
}

/**
 * Finds the programs that the project's providers and models need. Throws UserError, before anything is touched, for those
 * that are not installed and for parameters that a provider requires and the file does not give.
 */
export async function outside(
  project: Project,
  { engine, emit, signal, origin = nowhere }: Pick<ActionOptions, 'engine' | 'emit' | 'signal'> & { origin?: Origin },
): Promise<Outside> {
  const providers = providersIn(project)
  const models = usedModels(project)
  if (providers.length === 0 && models.length === 0) return nothing(project)
  const { environment, working_dir: directory } = project
  // "tcp://… (DOCKER_HOST)": what they make belongs on the engine that we speak to.
  const [, place] = /^([a-z]+:\/\/\S+)/.exec(engine.info.where) ?? []
  const speaking = { env: { ...(place && { DOCKER_HOST: place }), ...environment }, directory, signal }
  const { callProvider } = await import('../plugin/provider.ts')
  const { configureModel, localModels, modelsEndpoint, plainModelName, pullModel } = await import('../plugin/models.ts')
  const { drivers, problems } = await driversOf(project, providers, speaking, origin)
  const runner = models.length > 0 ? await runnerOf(project, speaking, origin, problems) : undefined
  if (problems.length > 0) throw new UserError(problems)
  const present = runner ? await localModels(runner) : new Set<string>()
  const told = new Map<string, Readonly<Record<string, string>>>()
  const answered = new Set<string>()
  let endpoint = runner && (await modelsEndpoint(runner).catch(() => undefined))
  return {
    prepare: outsidePlan(project, name => present.has(plainModelName(name))),
    async perform(step, unit) {
      const onInfo = (text: string) => emit({ type: 'progress', unit, text })
      if (step.op === 'pull-model') return pullModel(runner!, step.model, onInfo)
      if (step.op === 'configure-model') return configureModel(runner!, step.model, step)
      const { service, command } = step
      const { type, options = {} } = project.services[service]!.provider!
      const call = { ...speaking, ...drivers.get(service)!, type, project: project.name, service, command, options }
      const { own, raw } = await callProvider(call, onInfo)
      answered.add(service)
      const overridden = dependantsOn(project, [service]).filter(name =>
        Object.keys(raw).some(key => Object.hasOwn(project.services[name]!.environment ?? {}, key)),
      )
      if (overridden.length > 0)
        emit({
          type: 'problem',
          problem: {
            code: 'overridden-variable',
            severity: 'warning',
            message: `provider "${type}" of "${service}" sets variables that "${overridden.join('", "')}" declares: ${Object.keys(raw).join(', ')}`,
          },
        })
      const prefixed = Object.entries(own).map(([key, value]) => [`${service.toUpperCase()}_${key}`, value])
      for (const dependant of dependantsOn(project, [service]))
        told.set(dependant, { ...told.get(dependant), ...Object.fromEntries(prefixed), ...raw })
    },
    project: () =>
      withTold(endpoint === undefined ? project : withTold(project, modelVariables(project, endpoint)), told),
    pending() {
      const unasked = providers.filter(service => !answered.has(service))
      const waiting = endpoint === undefined ? Object.keys(project.services).filter(usesModels(project)) : []
      return new Set([...dependantsOn(project, unasked), ...waiting])
    },
    async settle() {
      if (runner && endpoint === undefined) endpoint = await modelsEndpoint(runner)
      if (runner && endpoint === undefined) throw new Error('docker model status names no endpoint')
    },
    commanding: command =>
      command === 'down' ? providers : providers.filter(name => drivers.get(name)!.metadata[command] !== undefined),
  }
}

async function driversOf(
  { services }: Project,
  names: readonly string[],
  speaking: Speaking,
  origin: Origin,
): Promise<{ drivers: ReadonlyMap<string, Driver>; problems: Problem[] }> {
  const { dockerPlugin } = await import('../plugin/find.ts')
  const { missingParameters, providerMetadata } = await import('../plugin/provider.ts')
  const problems: Problem[] = []
  const drivers = new Map<string, Driver>()
  for (const service of names) {
    const { type, options = {} } = services[service]!.provider!
    const refuse = (message: string, hint?: string) => {
      const at = origin.at(['services', service, 'provider', 'type'])
      problems.push({ code: 'provider', severity: 'error', message, ...(hint && { hint }), ...(at && { at }) })
    }
    if (type === 'compose') {
      refuse(`"compose" is no provider, as "${service}" has it`)
      continue
    }
    const program =
      (await dockerPlugin(type, speaking.env)) ?? (await programOf(type, speaking.env, speaking.directory))
    if (program === undefined) {
      refuse(`provider "${type}" of "${service}" is not installed`, `install a docker plugin or a program of that name`)
      continue
    }
    const metadata = await providerMetadata(program, speaking)
    for (const name of missingParameters(metadata, 'up', options))
      refuse(`provider "${type}" of "${service}" requires the parameter "${name}"`, `add it to "options"`)
    drivers.set(service, { program, metadata })
  }
  return { drivers, problems }
}

async function runnerOf(
  project: Project,
  speaking: Speaking,
  origin: Origin,
  problems: Problem[],
): Promise<Runner | undefined> {
  const { dockerPlugin } = await import('../plugin/find.ts')
  const program = await dockerPlugin('model', speaking.env)
  if (program !== undefined) return { ...speaking, program }
  const services = Object.keys(project.services).filter(usesModels(project))
  const at = origin.at(['services', services[0]!, 'models'])
  problems.push({
    code: 'unsupported',
    severity: 'error',
    message: `"models" of ${services.map(s => `"${s}"`).join(', ')} cannot be honoured: the docker plugin "model" is not installed`,
    hint: 'install Docker Model Runner, or remove "models"',
    ...(at && { at }),
  })
  return undefined
}

const usesModels = (project: Project) => (service: string) =>
  Object.keys(project.services[service]!.models ?? {}).length > 0

function nothing(project: Project): Outside {
  return {
    prepare: { changes: [], steps: [], questions: [] },
    perform: ({ op }: OutsideStep) => Promise.reject(new Error(`nobody does ${op}`)),
    project: () => project,
    pending: () => new Set(),
    settle: async () => {},
    commanding: () => [],
  }
}
