import { type CredentialOptions, credentials } from '../../../registry/credentials.ts'
import type { BuildTold, Found, SolveOptions } from '../../build.ts'
import { type Docker, told } from '../docker.ts'
import { foundIn } from './checks.ts'
import { openControl, type SolveRequest } from './control.ts'
import { buildFailure } from './failure.ts'
import { type ImageInput, imageInput } from './image-input.ts'
import { type Offer, openSession } from './session.ts'
import { folderName, solveRequest, storesOf } from './solve-request.ts'
import { type SshAgent, sshAgent } from './ssh-keys.ts'

/** Builds with the engine's BuildKit. Throws EngineError; what reading files here threw is thrown as it was. */
export async function solve(docker: Docker, options: SolveOptions): Promise<void> {
  const agents = await agentsOf(options.ssh)
  const sockets = Object.fromEntries(agents.map(([id, { socket }]) => [id, socket]))
  try {
    const answers = await opened(docker, options, sockets, ({ control, request, session, onTold }) =>
      control.solve(request, session, onTold),
    )
    tagCaches(options, answers.get('cache.manifest'))
  } finally {
    await Promise.all(agents.map(([, agent]) => agent.close()))
  }
}

/** The folders of caches tell by their index what was put into them last. */
function tagCaches({ cache_to = [] }: SolveOptions, manifest: string | undefined): void {
  if (manifest === undefined) return
  for (const { store, attributes } of cache_to)
    store?.tag(JSON.parse(manifest) as object, attributes['tag'] ?? 'latest')
}

/** What the Dockerfile's checks find; nothing is built. Throws as `solve`. */
export async function check(docker: Docker, options: SolveOptions): Promise<readonly Found[]> {
  const answers = await opened(docker, options, {}, ({ control, request, session }) =>
    control.ask('frontend.lint', request, session),
  )
  return foundIn(answers.get('result.json') ?? '{}')
}

interface Opened {
  readonly control: Awaited<ReturnType<typeof openControl>>
  readonly request: SolveRequest
  /** Its id. */
  readonly session: string
  readonly onTold: (told: BuildTold) => void
}

async function opened<T>(
  docker: Docker,
  options: SolveOptions,
  agents: Offer['agents'],
  run: (opened: Opened) => Promise<T>,
): Promise<T> {
  const { signal } = options
  const control = await told(openControl(docker, signal), signal)
  try {
    const wantsGateway = (options.extra_hosts ?? []).some(host => host.endsWith(':host-gateway'))
    const known = Promise.all([wantsGateway ? hostGateway(docker, control) : undefined, imagesOf(docker, options)])
    const [gateway, images] = await told(known, signal)
    const request = solveRequest(options, { hostGateway: gateway, images })
    const session = await told(openSession(docker, offer(docker, options, agents), signal), signal)
    let step: string | undefined
    const onTold = (told: BuildTold) => {
      if (told.kind === 'vertex' && told.state === 'failed') step = told.name
      options.onTold?.(told)
    }
    try {
      return await run({ control, request, session: session.id, onTold })
    } catch (error) {
      // A file that we could not read reaches the engine as no more than a failed call.
      if (session.failure() !== undefined && !signal?.aborted) throw session.failure()
      throw buildFailure(error, { step, dockerfile: await dockerfileOf(options) }, signal)
    } finally {
      session.close()
    }
  } finally {
    control.close()
  }
}

function offer({ env, home }: Docker, options: SolveOptions, agents: Offer['agents']): Offer {
  const { context, contexts = {}, dockerfile, secrets = {} } = options
  const known: CredentialOptions = { env, home }
  const named = Object.entries(contexts).flatMap(([name, from]) =>
    typeof from === 'string' || 'image' in from || 'layout' in from ? [] : [[folderName(name), from] as const],
  )
  return {
    key: typeof context === 'string' ? '' : context.key,
    folders: {
      ...(typeof context !== 'string' && { context }),
      ...(dockerfile && { dockerfile }),
      ...Object.fromEntries(named),
    },
    stores: storesOf(options),
    secrets,
    agents,
    credentials: registry => credentials(registry, known),
  }
}

async function imagesOf(
  docker: Docker,
  { contexts = {} }: SolveOptions,
): Promise<Readonly<Record<string, ImageInput>>> {
  const images = Object.entries(contexts).flatMap(([name, from]) =>
    typeof from === 'object' && 'image' in from
      ? [imageInput(docker, name, from.image).then(input => [name, input] as const)]
      : [],
  )
  return Object.fromEntries(await Promise.all(images))
}

async function agentsOf(ssh: SolveOptions['ssh'] = {}): Promise<readonly (readonly [string, SshAgent])[]> {
  const opened = await Promise.allSettled(
    Object.entries(ssh).map(async ([id, path]) => [id, await sshAgent(path)] as const),
  )
  const agents = opened.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []))
  const failed = opened.find(one => one.status === 'rejected')
  if (!failed) return agents
  await Promise.all(agents.map(([, agent]) => agent.close()))
  throw failed.reason
}

async function dockerfileOf({ dockerfile, filename }: SolveOptions) {
  if (!dockerfile) return undefined
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of dockerfile.read(filename, Buffer.alloc(65_536))) pieces.push(Buffer.from(piece))
  } catch {
    // It is gone meanwhile, and only missed for its line.
    return undefined
  }
  return { filename, text: Buffer.concat(pieces).toString('utf8') }
}

/** The address of this machine as the engine's containers see it. Docker 20.10 tells it only as its bridge's. */
async function hostGateway(docker: Docker, control: Awaited<ReturnType<typeof openControl>>) {
  const told = (await control.labels()).get('org.mobyproject.buildkit.worker.moby.host-gateway-ip')
  if (told) return told
  const bridge = (await docker.modem.ask({ method: 'GET', path: '/networks/bridge' })) as {
    readonly IPAM?: { readonly Config?: readonly { readonly Gateway?: string }[] }
  }
  return bridge.IPAM?.Config?.find(config => config.Gateway)?.Gateway
}
