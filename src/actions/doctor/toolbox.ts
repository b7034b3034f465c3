import { randomBytes } from 'node:crypto'
import { isEngineError } from '../../engine/errors.ts'
import type { LiveEngine } from '../../engine/live.ts'

/** Small images with a shell and its tools, in the order in which they are taken. */
const preferred = [/^busybox[:@]/, /^alpine[:@]/, /busybox/, /alpine/, /^debian[:@]/, /^ubuntu[:@]/]

/** An image that the engine has and that has a shell, as far as names tell. */
export async function toolboxImage(engine: Pick<LiveEngine, 'listImages'>): Promise<string | undefined> {
  const tags = (await engine.listImages({})).flatMap(image => image.tags).filter(tag => tag !== '<none>:<none>')
  for (const pattern of preferred) {
    const found = tags.find(tag => pattern.test(tag))
    if (found !== undefined) return found
  }
  return undefined
}

/** Runs a command in a container's network namespace, with programs that the container itself may not have. Nothing is left behind. */
export type Toolbox = (
  container: string,
  command: readonly string[],
) => Promise<{ readonly code: number; readonly output: string }>

/** With the programs of an image that the engine has, looked for once; undefined where it has none with a shell. */
export async function openToolbox(engine: LiveEngine, signal: AbortSignal): Promise<Toolbox | undefined> {
  const image = await toolboxImage(engine)
  return image === undefined ? undefined : (container, command) => inside(engine, { image, container, command, signal })
}

interface Call {
  readonly image: string
  readonly container: string
  readonly command: readonly string[]
  readonly signal: AbortSignal
}

async function inside(engine: LiveEngine, { image, container, command, signal }: Call): ReturnType<Toolbox> {
  const name = `gantry-toolbox-${randomBytes(6).toString('hex')}`
  const id = await engine.createContainer(
    name,
    {
      image,
      entrypoint: command.slice(0, 1),
      command: command.slice(1),
      labels: {},
      network_mode: `container:${container}`,
    },
    { signal },
  )
  try {
    const ended = engine.waitContainer(id, { next: true, signal })
    await engine.startContainer(id, { signal })
    const code = await ended
    const pieces: Uint8Array[] = []
    for await (const { bytes } of engine.logs(id, {})) pieces.push(bytes)
    return { code, output: Buffer.concat(pieces).toString('utf8') }
  } finally {
    await engine.removeContainer(id, { force: true, volumes: true }).catch((error: unknown) => {
      if (!isEngineError(error)) throw error
    })
  }
}
