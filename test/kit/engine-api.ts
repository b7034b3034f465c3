import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'

/**
 * The engine as a bystander sees it: the bare API, sharing no code with what is tested. Answers are the engine's own JSON, of which
 * only what scenarios look at has a type.
 */
export interface Bystander {
  containers(project: string): Promise<Inspected[]>
  networks(project: string): Promise<{ readonly Name: string; readonly Id: string; readonly Internal: boolean }[]>
  volumes(project: string): Promise<{ readonly Name: string }[]>
  images(project: string): Promise<{ readonly Id: string; readonly RepoTags: string[] | null }[]>
  hasImage(name: string): Promise<boolean>
  /** Runs a command in a container; both streams as one text. */
  exec(container: string, command: readonly string[]): Promise<{ readonly code: number; readonly output: string }>
  logs(container: string): Promise<string>
  /** What happened to a project between two times, in order. */
  events(project: string, since: Date, until: Date): Promise<Happened[]>
  /** Any other call; throws where the status is not a good one. */
  call(method: string, path: string, body?: unknown): Promise<unknown>
  bytes(method: string, path: string): Promise<Buffer>
  /** Removes all that bears a project's label. */
  clear(project: string): Promise<void>
}

export interface Inspected {
  readonly Id: string
  readonly Name: string
  readonly Created: string
  readonly Image: string
  readonly State: {
    readonly Status: string
    readonly ExitCode: number
    readonly StartedAt: string
    readonly FinishedAt: string
    readonly Health?: { readonly Status: string }
  }
  readonly Config: {
    readonly Image: string
    readonly Env: readonly string[]
    readonly Labels: Readonly<Record<string, string>>
  }
  readonly HostConfig: { readonly Memory: number; readonly NanoCpus: number; readonly PidsLimit: number | null }
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>>
    readonly Networks: Readonly<Record<string, { readonly NetworkID: string; readonly Aliases: string[] | null }>>
  }
  readonly Mounts: readonly { readonly Type: string; readonly Name?: string; readonly Destination: string }[]
}

export interface Happened {
  readonly Type: string
  readonly Action: string
  readonly timeNano: number
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> }
}

/** What happened to containers, in short: "web-1 start". */
export function actions(happened: readonly Happened[]): string[] {
  return happened
    .filter(({ Type }) => Type === 'container')
    .map(({ Action, Actor }) => {
      const labels = Actor.Attributes
      return `${labels['com.docker.compose.service']}-${labels['com.docker.compose.container-number']} ${Action}`
    })
}

/** Where an engine listens, for node:http: `unix:///run/docker.sock` or `tcp://127.0.0.1:2375`. */
export function endpoint(host: string): RequestOptions {
  const url = new URL(host)
  if (url.protocol === 'unix:') return { socketPath: url.pathname }
  if (url.protocol === 'tcp:' || url.protocol === 'http:') return { host: url.hostname, port: url.port }
  throw new Error(`scenarios watch an engine over unix:// or tcp://, not ${host}`)
}

export function bystander(host: string): Bystander {
  const at = endpoint(host)

  async function send(method: string, path: string, body?: unknown): Promise<Buffer> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers =
      text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest({ ...at, method, path, headers }, resolve)
        .on('error', reject)
        .end(text)
    })
    const bytes = Buffer.concat(await Array.fromAsync(answer as AsyncIterable<Buffer>))
    if (answer.statusCode! >= 400) throw new Error(`${method} ${path}: ${answer.statusCode} ${bytes.toString()}`)
    return bytes
  }
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const bytes = await send(method, path, body)
    return bytes.length === 0 ? undefined : JSON.parse(bytes.toString())
  }
  const get = async <T>(path: string): Promise<T> => (await call('GET', path)) as T
  const ofProject = (project: string) => filters({ label: [`com.docker.compose.project=${project}`] })

  // Engine 20.10 now and then keeps the endpoint of a container that it has removed, and the network with it; such a one goes by its name.
  async function forgetEndpoints(network: string): Promise<void> {
    const { Containers } = await get<{ Containers: Readonly<Record<string, { Name: string }>> | null }>(
      `/networks/${network}`,
    )
    for (const { Name } of Object.values(Containers ?? {}))
      await call('POST', `/networks/${network}/disconnect`, { Container: Name, Force: true })
  }

  const self: Bystander = {
    call,
    bytes: send,
    async containers(project) {
      const found = await get<{ Id: string }[]>(`/containers/json?all=1&${ofProject(project)}`)
      // One that has just been made or is going may be listed and not be there.
      const all = await Promise.all(found.map(({ Id }) => get<Inspected>(`/containers/${Id}/json`).catch(unlessGone)))
      return all.filter(one => one !== undefined).sort((a, b) => a.Name.localeCompare(b.Name, 'en', { numeric: true }))
    },
    networks: project => get(`/networks?${ofProject(project)}`),
    volumes: async project =>
      (await get<{ Volumes: { Name: string }[] | null }>(`/volumes?${ofProject(project)}`)).Volumes ?? [],
    images: project => get(`/images/json?${ofProject(project)}`),
    hasImage: name =>
      get(`/images/${name}/json`).then(
        () => true,
        () => false,
      ),
    async exec(container, command) {
      const options = { Cmd: command, AttachStdout: true, AttachStderr: true }
      const { Id } = (await call('POST', `/containers/${container}/exec`, options)) as { Id: string }
      const output = unframed(await send('POST', `/exec/${Id}/start`, { Detach: false, Tty: false }))
      const { ExitCode } = await get<{ ExitCode: number }>(`/exec/${Id}/json`)
      return { code: ExitCode, output }
    },
    logs: async container => unframed(await send('GET', `/containers/${container}/logs?stdout=1&stderr=1`)),
    async events(project, since, until) {
      const span = `since=${since.getTime() / 1000}&until=${until.getTime() / 1000}`
      const lines = (await send('GET', `/events?${span}&${ofProject(project)}`)).toString().split('\n').filter(Boolean)
      return lines.map(line => JSON.parse(line) as Happened)
    },
    async clear(project) {
      for (const { Id } of await get<{ Id: string }[]>(`/containers/json?all=1&${ofProject(project)}`))
        await send('DELETE', `/containers/${Id}?force=1&v=1`)
      for (const { Id } of await self.networks(project))
        await send('DELETE', `/networks/${Id}`)
          .catch(async () => {
            await forgetEndpoints(Id)
            await send('DELETE', `/networks/${Id}`)
          })
          .catch(unlessMiscounted)
      for (const { Name } of await self.volumes(project)) await send('DELETE', `/volumes/${Name}`)
      for (const { Id } of await self.images(project)) await send('DELETE', `/images/${Id}?force=1`)
    },
  }
  return self
}

/** Engine 20.10 now and then counts one endpoint too many, and keeps such a network until it is restarted, whatever is done. */
function unlessMiscounted(error: Error): void {
  if (!error.message.includes('has active endpoints')) throw error
}

function unlessGone(error: Error): undefined {
  if (!error.message.includes(': 404 ')) throw error
}

function filters(value: Readonly<Record<string, readonly string[]>>): string {
  return `filters=${encodeURIComponent(JSON.stringify(value))}`
}

/** Output without the eight bytes that the engine puts before each piece: stream, three zeros, length. */
function unframed(bytes: Buffer): string {
  const pieces: Buffer[] = []
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4)
    pieces.push(bytes.subarray(at + 8, at + 8 + length))
    at += 8 + length
  }
  return Buffer.concat(pieces).toString()
}
