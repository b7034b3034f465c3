import { spawn, spawnSync } from 'node:child_process'
import type { Engine } from '../src/engine/engine.ts'
import type { Found } from './engine.ts'

/** What examples and tests run on. */
export const official = {
  busybox: 'busybox:1.36',
  nginx: 'nginx:1.27-alpine',
  redis: 'redis:7-alpine',
  python: 'python:3.12-alpine',
} as const

export type Image = keyof typeof official
/** The name under which the engine has each: the official one, or one of our own where it is a stand-in in someone's engine. */
export type Names<I extends Image = Image> = Readonly<Record<I, string>>

/** Milliseconds without a sign of life after which a registry counts as out of reach. */
const patience = 15_000

/** Sees to it that the engine has the images: as it is there, else pulled, else a stand-in made from the machine's packages. */
export async function provideImages<I extends Image>(
  { engine, ours }: Found,
  wanted: readonly I[] = Object.keys(official) as I[],
): Promise<Names<I>> {
  const names: Partial<Record<Image, string>> = {}
  let offline = false
  for (const image of wanted) {
    const name = official[image]
    const own = ours ? name : `gantry-stand-in/${image}`
    if (await engine.inspectImage(name)) names[image] = name
    else if (await engine.inspectImage(own)) names[image] = own
    else if (!offline && (await pulled(engine, name))) names[image] = name
    else {
      offline = true
      await makeStandIn(engine, image, own)
      names[image] = own
    }
  }
  return names as Names<I>
}

async function pulled(engine: Engine, name: string): Promise<boolean> {
  console.error(`pulling ${name}`)
  const silence = new AbortController()
  const give = () => setTimeout(() => silence.abort(), patience)
  let timer = give()
  const alive = () => {
    clearTimeout(timer)
    timer = give()
  }
  return engine
    .pullImage(name, { signal: silence.signal, onProgress: alive })
    .then(
      () => true,
      () => false,
    )
    .finally(() => clearTimeout(timer))
}

async function makeStandIn(engine: Engine, image: Image, name: string): Promise<void> {
  if (spawnSync('dpkg-deb', ['--version']).status !== 0)
    throw new Error(
      `no registry gives ${official[image]}, and only Debian and Ubuntu have packages to make a stand-in from`,
    )
  console.error(`no registry in reach: making ${name} from packages`)
  const script = spawn(new URL('stand-in.sh', import.meta.url).pathname, [image], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>(resolve => script.on('close', resolve))
  await engine.buildImage(script.stdout, { tags: [name], dockerfile: 'Dockerfile' })
  if ((await ended) !== 0) throw new Error(`setup/stand-in.sh ${image} failed`)
}
