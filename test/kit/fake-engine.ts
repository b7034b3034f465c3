import type {
  ContainerSpec,
  Engine,
  EngineEvent,
  EngineInfo,
  ExecState,
  Feature,
  ImageDetail,
  LogChunk,
  NetworkDetail,
  NetworkEndpoint,
  NetworkSpec,
  VolumeDetail,
} from '../../src/engine/engine.ts'
import { EngineError, type EngineReason } from '../../src/engine/errors.ts'
import { LABEL } from '../../src/model/names.ts'
import {
  type Behaviour,
  detail,
  type FakeContainer,
  healthcheckOf,
  hexId,
  mountsOf,
  summary,
} from './fake-container.ts'

export type { Behaviour } from './fake-container.ts'

export interface FakeOptions {
  /** Images that the engine has: names, or names with what is special about them. */
  readonly images?: readonly string[] | Readonly<Record<string, Partial<ImageDetail>>>
  /** Images that a registry gives. */
  readonly registry?: readonly string[] | Readonly<Record<string, Partial<ImageDetail>>>
  readonly behave?: (spec: ContainerSpec, name: string) => Behaviour
  readonly features?: readonly Feature[]
  /** Turns of the event loop that making and removing things takes; a network's name is free for a second one meanwhile. */
  readonly takes?: number
}

/** One call of the port, in the order in which they came. */
export interface FakeCall {
  readonly name: keyof Engine
  /** The container, network, volume or image that it is about. */
  readonly about: string
  readonly changes: boolean
}

/** What goes wrong with a call: refused before anything is done, or the answer lost after it was. */
export interface Fault {
  readonly when: 'before' | 'after'
  readonly error?: EngineError
}

export interface FakeEngine {
  readonly engine: Engine
  readonly calls: FakeCall[]
  /** Asked at every call; `nth` counts from 0 since it was last set. */
  inject(fault: ((call: FakeCall, nth: number) => Fault | undefined) | undefined): void
  /** Called after every call that changes something: for what must hold at every moment. */
  watch(seen: () => void): void
  containers(): readonly FakeContainer[]
  networks(): readonly NetworkDetail[]
  volumes(): readonly VolumeDetail[]
  images(): ReadonlyMap<string, ImageDetail>
  /** A container's process ends by itself. */
  exit(name: string, code: number): void
  /** Its health check finds something. */
  probe(name: string, found: 'healthy' | 'unhealthy'): void
  /** Another network, though there may be one of its name. */
  addNetwork(name: string, spec: NetworkSpec): string
  /** An endpoint on a network that no container has any more, with or without the container's id. */
  leaveEndpoint(network: string, endpoint: NetworkEndpoint): void
  /** A network that counts an endpoint which it does not have. */
  miscount(network: string): void
  /** Another content under an image's name. */
  retag(image: string): void
  /** Ends every event stream, as an engine that goes away. */
  cutEvents(): void
}

/** An engine in memory. It refuses what Docker refuses: what holds here about order holds there. */
export function fakeEngine(options: FakeOptions = {}): FakeEngine {
  const containers = new Map<string, FakeContainer>()
  const networks = new Map<string, NetworkDetail>()
  const volumes = new Map<string, VolumeDetail>()
  const images = new Map(named(options.images ?? []))
  const registry = new Map(named(options.registry ?? []))
  const behave: NonNullable<FakeOptions['behave']> = options.behave ?? (() => ({}))
  const calls: FakeCall[] = []
  const listeners = new Set<(event: EngineEvent | undefined) => void>()
  const execs = new Map<string, ExecState>()
  const outputs = new Map<string, Set<(chunk: LogChunk | undefined) => void>>()
  let clock = Date.now()
  let addresses = 1
  let fault: ((call: FakeCall, nth: number) => Fault | undefined) | undefined
  let seen = () => {}
  let counted = 0
  /** Names and ids of containers that are being made, and removed. */
  const reserved = new Set<string>()
  const removing = new Set<string>()

  const atWork = async () => {
    for (let i = 0; i < (options.takes ?? 0); i++) await new Promise<void>(resolve => setImmediate(resolve))
  }
  const now = () => {
    clock = Math.max(clock + 1, Date.now())
    return clock
  }
  const fail = (reason: EngineReason, message: string, status?: number): never => {
    throw new EngineError(reason, message, status === undefined ? {} : { status })
  }
  const tell = (c: FakeContainer, action: string, more: { detail?: string; exitCode?: number } = {}) => {
    const { detail = '', exitCode } = more
    const event: EngineEvent = {
      id: c.id,
      name: c.name,
      action,
      detail,
      time: now(),
      ...(exitCode !== undefined && { exitCode }),
      attributes: { ...c.spec.labels, name: c.name, image: c.spec.image },
    }
    for (const listener of listeners) listener(event)
  }
  const find = (ref: string): FakeContainer => {
    const exact = containers.get(ref) ?? [...containers.values()].find(c => c.name === ref)
    if (exact) return exact
    const begun = /^[0-9a-f]{4,}$/.test(ref) ? [...containers.values()].filter(c => c.id.startsWith(ref)) : []
    return begun.length === 1 ? begun[0]! : fail('not-found', `No such container: ${ref}`, 404)
  }
  const findNetwork = (ref: string): NetworkDetail =>
    lookNetwork(ref) ?? fail('not-found', `network ${ref} not found`, 404)
  const lookNetwork = (ref: string) => {
    const all = [...networks.values()].filter(n => n.name === ref)
    if (all.length > 1) fail('invalid', `network ${ref} is ambiguous (${all.length} matches found on name)`, 400)
    return networks.get(ref) ?? all[0]
  }
  const leftOn = new Map<string, readonly NetworkEndpoint[]>()
  const miscounted = new Set<string>()
  const endpointsOn = (network: string | undefined): readonly NetworkEndpoint[] => [
    ...[...containers.values()]
      .filter(c => network !== undefined && running(c) && c.networks.has(network))
      .map(c => ({ container: c.id, name: c.name })),
    ...(leftOn.get(network ?? '') ?? []),
  ]
  const running = (c: FakeContainer) => c.state === 'running' || c.state === 'paused' || c.state === 'restarting'
  const freeName = (name: string) => {
    const holder = [...containers.values()].find(c => c.name === name)
    if (holder || reserved.has(name))
      fail(
        'conflict',
        `Conflict. The container name "/${name}" is already in use by container "${holder?.id}". You have to remove (or rename) that container to be able to reuse that name.`,
        409,
      )
  }

  const say = (c: FakeContainer, chunk: LogChunk) => {
    c.output.push({ ...chunk, at: now() })
    for (const out of outputs.get(c.id) ?? []) out(chunk)
  }

  const ended = (c: FakeContainer, code: number) => {
    c.state = 'exited'
    c.exitCode = code
    c.finishedAt = now()
    c.ports = []
    if (c.health) c.health.status = c.health.status === 'starting' ? 'unhealthy' : c.health.status
    for (const attached of c.networks.values()) attached.ip = ''
    tell(c, 'die', { exitCode: code })
    for (const out of outputs.get(c.id) ?? []) out(undefined)
    outputs.delete(c.id)
  }

  const probed = (c: FakeContainer, status: 'healthy' | 'unhealthy') => {
    if (c.state !== 'running' || !c.health) return
    const exitCode = status === 'healthy' ? 0 : 1
    const time = now()
    c.health = {
      status,
      streak: exitCode ? c.health.streak + 1 : 0,
      log: [...c.health.log, { start: time, end: time, exitCode, output: status === 'healthy' ? 'ok' : 'not ok' }],
    }
    tell(c, 'health_status', { detail: status })
  }

  const begin = (c: FakeContainer) => {
    const { exits, health = ['healthy'], says = [], writes, refuses } = behave(c.spec, c.name)
    const parents = [c.spec.network_mode, c.spec.ipc_mode, c.spec.pid_mode]
    for (const mode of parents) {
      if (!mode?.startsWith('container:')) continue
      const parent = find(mode.slice('container:'.length))
      if (!running(parent)) fail('conflict', `cannot join network of a non running container: ${parent.id}`, 409)
    }
    for (const [id, attached] of c.networks) {
      // A container that never ran knows its networks by their names only (Docker 20.10).
      const network = c.startedAt > 0 ? networks.get(id) : lookNetwork(attached.name)
      if (!network) return fail('not-found', `network ${id} not found`, 404)
      if (network.id === id) continue
      c.networks.delete(id)
      c.networks.set(network.id, attached)
    }
    const others = [...containers.values()].filter(o => o !== c && running(o))
    for (const [id, { endpoint }] of c.networks) {
      const taken = others.some(o => o.networks.get(id)?.endpoint.ipv4_address === endpoint.ipv4_address)
      if (endpoint.ipv4_address !== undefined && taken) fail('conflict', 'Address already in use', 403)
    }
    const wanted = (c.spec.ports ?? []).map(p => {
      const [target = '', protocol = 'tcp'] = p.container.split('/')
      return { ip: p.host_ip || '0.0.0.0', target: Number(target), published: freePort(p.host_port, others), protocol }
    })
    if (refuses !== undefined) fail('failed', refuses, 400)
    c.ports = wanted
    c.state = 'running'
    c.error = ''
    c.startedAt = now()
    for (const attached of c.networks.values()) attached.ip = attached.endpoint.ipv4_address ?? `10.0.0.${addresses++}`
    if (healthcheckOf(c)) c.health = { status: 'starting', streak: 0, log: [] }
    tell(c, 'start')
    const began = c.startedAt
    const still = () => c.state === 'running' && c.startedAt === began && containers.has(c.id)
    for (const line of says) say(c, { stream: 'stdout', bytes: Buffer.from(`${line}\n`) })
    if (writes !== undefined) say(c, { stream: 'stdout', bytes: Buffer.from(writes) })
    if (exits !== undefined) setImmediate(() => still() && ended(c, exits))
    else if (c.health) health.forEach((found, i) => later(i + 1, () => still() && probed(c, found)))
  }

  /** A port, or the first free one of a range; none named: any. */
  function freePort(wanted: string, others: readonly FakeContainer[]): number {
    const taken = new Set(others.flatMap(o => o.ports.map(p => p.published)))
    const [from, to = from] = wanted === '' ? [32768, 60999] : wanted.split('-').map(Number)
    for (let port = from!; port <= to!; port++) if (!taken.has(port)) return port
    return fail(
      'port-taken',
      `driver failed programming external connectivity on endpoint: Bind for 0.0.0.0:${wanted} failed: port is already allocated`,
      500,
    )
  }

  const halt = (c: FakeContainer, code: number) => {
    if (!running(c)) return
    tell(c, 'kill')
    ended(c, code)
    tell(c, 'stop')
  }

  const connect = (c: FakeContainer, network: NetworkDetail, endpoint: FakeContainerEndpoint) => {
    if (c.networks.has(network.id))
      fail('denied', `endpoint with name ${c.name} already exists in network ${network.name}`, 403)
    // What a stopped container remembers of a network that has gone makes room for one of the same name.
    for (const [id, { name }] of c.networks) if (name === network.name) c.networks.delete(id)
    c.networks.set(network.id, { name: network.name, endpoint, ip: running(c) ? `10.0.0.${addresses++}` : '' })
  }

  const port: Omit<Engine, 'info' | 'arch' | 'logs' | 'close'> = {
    async listContainers({ project, service, labels = [], volume, network, all = false }) {
      const wanted = [
        ...(project === undefined ? [] : [`${LABEL.project}=${project}`]),
        ...(service === undefined ? [] : [`${LABEL.service}=${service}`]),
        ...labels,
      ]
      const has = (c: FakeContainer, label: string) => {
        const [key = '', ...value] = label.split('=')
        return value.length ? c.spec.labels[key] === value.join('=') : key in c.spec.labels
      }
      return [...containers.values()]
        .filter(c => (all || running(c)) && wanted.every(l => has(c, l)))
        .filter(c => volume === undefined || c.mounts.some(m => m.name === volume))
        .filter(c => network === undefined || c.networks.has(network))
        .map(summary)
        .toReversed()
    },
    inspectContainer: async id => detail(find(id)),
    async createContainer(name, spec) {
      freeName(name)
      reserved.add(name)
      await atWork().finally(() => reserved.delete(name))
      const image = images.get(spec.image) ?? [...images.values()].find(i => i.id === spec.image)
      if (!image) return fail('not-found', `No such image: ${spec.image}`, 404)
      const from = (spec.volumes_from ?? []).flatMap(v => find(v.split(':')[0]!).mounts)
      const c: FakeContainer = {
        id: hexId(),
        name,
        spec,
        image,
        created: now(),
        state: 'created',
        exitCode: 0,
        error: '',
        startedAt: 0,
        finishedAt: 0,
        restarts: 0,
        networks: new Map(),
        mounts: mountsOf(spec, image, from),
        ports: [],
        output: [],
      }
      for (const endpoint of spec.networks ?? []) connect(c, findNetwork(endpoint.network), endpoint)
      for (const m of c.mounts)
        if (m.type === 'volume' && !volumes.has(m.name!))
          volumes.set(m.name!, { name: m.name!, driver: 'local', labels: {}, mountpoint: m.source })
      containers.set(c.id, c)
      tell(c, 'create')
      return c.id
    },
    async startContainer(id) {
      const c = find(id)
      if (c.state === 'paused') fail('conflict', 'cannot start a paused container, try unpause instead', 409)
      if (running(c)) return
      try {
        begin(c)
      } catch (error) {
        if (error instanceof EngineError) c.error = error.message
        throw error
      }
    },
    stopContainer: async id => halt(find(id), 0),
    async restartContainer(id) {
      const c = find(id)
      halt(c, 0)
      begin(c)
      tell(c, 'restart')
    },
    async killContainer(id, signal) {
      const c = find(id)
      if (!running(c)) fail('conflict', `Cannot kill container: ${id}: Container ${c.id} is not running`, 409)
      tell(c, 'kill')
      if (signal === 'SIGKILL' || signal === 'SIGTERM') ended(c, signal === 'SIGKILL' ? 137 : 143)
    },
    async pauseContainer(id) {
      const c = find(id)
      if (c.state !== 'running') fail('conflict', `Container ${c.id} is not running`, 409)
      c.state = 'paused'
      tell(c, 'pause')
    },
    async unpauseContainer(id) {
      const c = find(id)
      if (c.state !== 'paused') fail('conflict', `Container ${c.id} is not paused`, 409)
      c.state = 'running'
      tell(c, 'unpause')
    },
    async removeContainer(id, { force = false, volumes: anonymous = false } = {}) {
      const c = find(id)
      if (removing.has(c.id)) fail('conflict', `removal of container ${id} is already in progress`, 409)
      if (running(c) && !force)
        fail('conflict', `You cannot remove a running container ${c.id}. Stop the container before removing`, 409)
      if (running(c)) {
        tell(c, 'kill')
        ended(c, 137)
      }
      removing.add(c.id)
      c.state = 'removing'
      await atWork()
      containers.delete(c.id)
      if (anonymous)
        for (const { name = '' } of c.mounts) if (/^[0-9a-f]{64}$/.test(name) && !usersOf(name)) volumes.delete(name)
      tell(c, 'destroy')
    },
    async renameContainer(id, to) {
      const c = find(id)
      freeName(to)
      c.name = to
      tell(c, 'rename')
    },
    async updateContainer(id, { resources, restart }) {
      const c = find(id)
      c.spec = {
        ...c.spec,
        ...(restart && { restart }),
        ...(resources && { resources: { ...c.spec.resources, ...resources } }),
      }
      tell(c, 'update')
    },
    putArchive: async id => void find(id),
    waitContainer: (id, { next = false, signal } = {}) =>
      new Promise((resolve, reject) => {
        const c = containers.get(id)
        if (!c) return reject(new EngineError('not-found', id))
        if (!next && !running(c)) return resolve(c.exitCode)
        signal?.addEventListener('abort', () => reject(new EngineError('cancelled', 'cancelled')), { once: true })
        const listener = (event: EngineEvent | undefined) => {
          if (event?.id !== c.id || event.action !== 'die') return
          listeners.delete(listener)
          resolve(event.exitCode!)
        }
        listeners.add(listener)
      }),
    async exec(id, { command }, { onCreate } = {}) {
      const c = find(id)
      if (!running(c)) fail('conflict', `Container ${c.id} is not running`, 409)
      const exec = hexId()
      execs.set(exec, { running: false })
      await onCreate?.(exec)
      const exitCode = behave(c.spec, c.name).runs?.(command) ?? 0
      execs.set(exec, { running: false, exitCode })
      return exitCode
    },
    inspectExec: async id => execs.get(id),
    attach: async (id, { signal } = {}) => {
      const c = find(id)
      const { queue, push } = channel<LogChunk>(signal)
      const outs = outputs.get(c.id) ?? new Set()
      outputs.set(c.id, outs.add(push))
      return queue
    },
    async events({ project, until }, { signal } = {}) {
      const { queue, push } = channel<EngineEvent>(signal)
      // It remembers nothing of the past.
      if (until !== undefined) push(undefined)
      const listener = (event: EngineEvent | undefined) => {
        if (event === undefined || event.attributes[LABEL.project] === project) push(event)
        if (event === undefined) listeners.delete(listener)
      }
      listeners.add(listener)
      signal?.addEventListener('abort', () => listeners.delete(listener), { once: true })
      return queue
    },

    listNetworks: async project => [...networks.values()].filter(n => ofProject(n, project)),
    inspectNetwork: async name => lookNetwork(name),
    listEndpoints: async network => endpointsOn(lookNetwork(network)?.id),
    async createNetwork(name, spec) {
      if ([...networks.values()].some(n => n.name === name))
        fail('conflict', `network with name ${name} already exists`, 409)
      // Docker before 25 looks first and makes it later, so that who comes in between makes another.
      await atWork()
      return addNetwork(name, spec)
    },
    async removeNetwork(id) {
      const network = findNetwork(id)
      if (endpointsOn(network.id).length > 0 || miscounted.has(network.id))
        fail(
          'conflict',
          `error while removing network: network ${network.name} id ${network.id} has active endpoints`,
          403,
        )
      networks.delete(network.id)
    },
    connectNetwork: async (network, container, endpoint) => connect(find(container), findNetwork(network), endpoint),
    async disconnectNetwork(network, container, { force = false } = {}) {
      const { id, name } = findNetwork(network)
      const stale = leftOn.get(id)
      if (force && stale?.some(s => s.name === container))
        return void leftOn.set(
          id,
          stale.filter(s => s.name !== container),
        )
      const c = find(container)
      const attached = [...c.networks].find(([, n]) => n.name === name)
      if (!attached) return fail('failed', `container ${c.id} is not connected to the network ${network}`, 500)
      c.networks.delete(attached[0])
    },

    listVolumes: async project => [...volumes.values()].filter(v => ofProject(v, project)),
    inspectVolume: async name => volumes.get(name),
    async createVolume(name, spec) {
      if (!volumes.has(name))
        volumes.set(name, { driver: 'local', ...spec, name, mountpoint: `/var/lib/docker/volumes/${name}/_data` })
    },
    async removeVolume(name) {
      if (!volumes.has(name)) fail('not-found', `get ${name}: no such volume`, 404)
      const user = usersOf(name)
      if (user) fail('conflict', `remove ${name}: volume is in use - [${user.id}]`, 409)
      volumes.delete(name)
    },

    inspectImage: async reference =>
      images.get(reference) ?? [...images.values()].find(i => i.id === reference || i.id === `sha256:${reference}`),
    listImages: async ({ labels = [] }) =>
      [...images].filter(([, i]) => labels.every(l => matches(i.labels, l))).map(([tag, i]) => ({ ...i, tags: [tag] })),
    async pullImage(reference, { onProgress }) {
      const image = registry.get(reference)
      if (!image) return fail('not-found', `manifest for ${reference} not found: manifest unknown`, 404)
      onProgress?.({ layer: image.id.slice(7, 19), status: 'Pull complete' })
      images.set(reference, image)
    },
    async buildImage(context, { tags, labels = {}, onOutput }) {
      for await (const bytes of context) void bytes
      onOutput?.('built\n')
      const image = { ...imageOf(tags[0]!), labels }
      for (const tag of tags) images.set(tag, image)
      return image.id
    },
    async solveImage({ tags, labels = {}, onTold }) {
      onTold?.({ kind: 'vertex', id: 'sha256:0', name: '[1/1] FROM busybox', state: 'done', elapsed: 0 })
      const image = { ...imageOf(tags[0]!), labels }
      for (const tag of tags) images.set(tag, image)
      return image.id
    },
    imageStore: async () => 'layers' as const,
    async removeImage(reference) {
      const image = images.get(reference)
      if (!image) return fail('not-found', `No such image: ${reference}`, 404)
      if ([...containers.values()].some(c => c.image.id === image.id))
        fail('conflict', `conflict: unable to remove repository reference "${reference}"`, 409)
      images.delete(reference)
    },
    async tagImage(reference, as) {
      images.set(as, images.get(reference) ?? fail('not-found', `No such image: ${reference}`, 404))
    },
  }

  const addNetwork = (name: string, spec: NetworkSpec): string => {
    const id = hexId()
    networks.set(id, { ...spec, id, name, created: now(), scope: 'local' })
    return id
  }
  const ofProject = ({ labels }: { readonly labels: Readonly<Record<string, string>> }, project: string | undefined) =>
    project === undefined || labels[LABEL.project] === project
  const usersOf = (volume: string) => [...containers.values()].find(c => c.mounts.some(m => m.name === volume))
  const matches = (labels: Readonly<Record<string, string>>, label: string) => {
    const [key = '', ...value] = label.split('=')
    return value.length ? labels[key] === value.join('=') : key in labels
  }

  const reading = /^(list|inspect|logs|events|attach|wait|exec)/
  const guarded = Object.fromEntries(
    Object.entries(port).map(([name, method]) => [
      name,
      async (...args: unknown[]) => {
        const about = typeof args[0] === 'string' ? args[0] : ''
        const call: FakeCall = { name: name as keyof Engine, about, changes: !reading.test(name) }
        calls.push(call)
        const wrong = fault?.(call, counted++)
        const lost = () => {
          throw wrong?.error ?? new EngineError('unreachable', `the engine went away during ${name}`)
        }
        // Nothing is done in the caller's turn, as with a real engine.
        await Promise.resolve()
        const signal = (args.findLast(a => typeof a === 'object' && a !== null && 'signal' in a) as Cancellable)?.signal
        if (signal?.aborted) fail('cancelled', `${name} was cancelled`)
        if (wrong?.when === 'before') lost()
        const result = await (method as (...args: unknown[]) => Promise<unknown>)(...args)
        if (call.changes) seen()
        if (wrong?.when === 'after') lost()
        return result
      },
    ]),
  ) as typeof port

  const info: EngineInfo = {
    flavour: 'docker',
    version: '28.5.2',
    apiVersion: '1.51',
    os: 'linux',
    features: new Set(
      options.features ?? [
        'endpoints-at-create',
        'start-interval',
        'endpoint-mac',
        'gw-priority',
        'update',
        'tells-settings',
      ],
    ),
    where: 'in memory',
  }

  const engine: Engine = {
    ...guarded,
    info,
    arch: () => Promise.resolve('x86_64'),
    async *logs(id, { follow = false, tail, since = '0', signal }) {
      calls.push({ name: 'logs', about: id, changes: false })
      const c = find(id)
      const lines = Buffer.concat(c.output.filter(({ at }) => at >= Number(since) * 1000).map(({ bytes }) => bytes))
        .toString()
        .split(/(?<=\n)/)
        .filter(line => line !== '')
      for (const line of lines.slice(tail === undefined ? 0 : Math.max(0, lines.length - tail)))
        yield { stream: 'stdout', bytes: Buffer.from(line) }
      if (!follow || !running(c)) return
      yield* await port.attach(id, signal ? { signal } : {})
    },
    close() {},
  }

  return {
    engine,
    calls,
    inject(next) {
      fault = next
      counted = 0
    },
    watch: next => void (seen = next),
    containers: () => [...containers.values()],
    networks: () => [...networks.values()],
    volumes: () => [...volumes.values()],
    images: () => images,
    exit: (name, code) => ended(find(name), code),
    probe: (name, found) => probed(find(name), found),
    addNetwork,
    leaveEndpoint(network, endpoint) {
      const { id } = findNetwork(network)
      leftOn.set(id, [...(leftOn.get(id) ?? []), endpoint])
    },
    miscount: network => void miscounted.add(findNetwork(network).id),
    retag: image => void images.set(image, imageOf(image)),
    cutEvents: () => {
      for (const listener of listeners) listener(undefined)
    },
  }
}

type FakeContainerEndpoint = NonNullable<ContainerSpec['networks']>[number]
type Cancellable = { readonly signal?: AbortSignal } | undefined

function* named(images: NonNullable<FakeOptions['images']>): Iterable<[string, ImageDetail]> {
  if (Array.isArray(images)) for (const name of images as string[]) yield [name, imageOf(name)]
  else for (const [name, special] of Object.entries(images)) yield [name, { ...imageOf(name), ...special }]
}

function imageOf(name: string): ImageDetail {
  const id = `sha256:${hexId()}`
  return {
    id,
    digest: id,
    tags: [name],
    repoDigests: [],
    created: 0,
    size: 1,
    os: 'linux',
    arch: 'amd64',
    labels: {},
    volumes: [],
    exposed: [],
    hasHealthcheck: false,
    env: ['PATH=/bin'],
    command: ['serve'],
    entrypoint: null,
    user: '',
  }
}

/** Some turns of the event loop from now: no clock, so that tests take no time. */
function later(turns: number, run: () => void): void {
  setImmediate(() => (turns > 1 ? later(turns - 1, run) : run()))
}

/** What is pushed comes out in order; undefined ends it, an abort ends it as cancelled. */
function channel<T>(signal: AbortSignal | undefined): { queue: AsyncIterable<T>; push: (item: T | undefined) => void } {
  const items: (T | undefined)[] = []
  let wake = () => {}
  const push = (item: T | undefined) => {
    items.push(item)
    wake()
  }
  signal?.addEventListener('abort', () => push(undefined), { once: true })
  async function* queue() {
    for (;;) {
      while (items.length === 0) await new Promise<void>(resolve => (wake = resolve))
      const item = items.shift()
      if (item === undefined && signal?.aborted) throw new EngineError('cancelled', 'cancelled')
      if (item === undefined) return
      yield item
    }
  }
  return { queue: queue(), push }
}
