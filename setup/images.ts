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

/** What the templates that come with Gantry run on besides, for their scenarios. Each stand-in is made from one with all packages. */
export const ofTemplates = {
  'templates/node': 'node:24.11-alpine',
  'templates/python': 'python:3.13-slim-bookworm',
  'templates/golang': 'golang:1.25-alpine',
  'templates/nginx': 'nginxinc/nginx-unprivileged:1.29-alpine',
  'templates/postgres': 'postgres:17.6-alpine',
  'templates/redis': 'redis:8.2-alpine',
  'templates/mariadb': 'mariadb:11.8',
  'templates/wordpress': 'wordpress:6.8-php8.3-apache',
  'templates/prometheus': 'prom/prometheus:v3.5.0',
  'templates/node-exporter': 'prom/node-exporter:v1.9.1',
  'templates/grafana': 'grafana/grafana:12.1.0',
} as const

export type Image = keyof typeof official
/** The name under which the engine has each: the official one, or one of our own where it is a stand-in in someone's engine. */
export type Names<I extends Image = Image> = Readonly<Record<I, string>>

/** Milliseconds without a sign of life after which a registry counts as out of reach. */
const patience = 15_000

/** Sees to it that the engine has the images: as it is there, else pulled, else a stand-in made from the machine's packages. */
export async function provideImages<I extends Image>(
  found: Found,
  wanted: readonly I[] = Object.keys(official) as I[],
): Promise<Names<I>> {
  return (await provided(found, official, wanted)) as Names<I>
}

/** As `provideImages`: the official name of each image that templates run on → the name under which the engine has it. */
export async function provideTemplateImages(found: Found): Promise<Readonly<Record<string, string>>> {
  const names = await provided(found, ofTemplates, Object.keys(ofTemplates))
  return Object.fromEntries(Object.entries(ofTemplates).map(([image, name]) => [name, names[image]!]))
}

async function provided(
  { engine, ours }: Found,
  all: Readonly<Record<string, string>>,
  wanted: readonly string[],
): Promise<Record<string, string>> {
  const names: Record<string, string> = {}
  let offline = false
  for (const image of wanted) {
    const name = all[image]!
    const own = ours ? name : `gantry-stand-in/${image}`
    if (await engine.inspectImage(name)) names[image] = name
    else if (await engine.inspectImage(own)) names[image] = own
    else if (!offline && (await pulled(engine, name))) names[image] = name
    else {
      offline = true
      await makeStandIn(engine, image, { official: name, own })
      names[image] = own
    }
  }
  return names
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

/** What a stand-in is made from is made first. */
async function makeStandIn(
  engine: Engine,
  image: string,
  { official, own }: { readonly official: string; readonly own: string },
): Promise<void> {
  if (spawnSync('dpkg-deb', ['--version']).status !== 0)
    throw new Error(`no registry gives ${official}, and only Debian and Ubuntu have packages to make a stand-in from`)
  if (image.startsWith('templates/') && image !== 'templates/box' && !(await engine.inspectImage(box)))
    await makeStandIn(engine, 'templates/box', { official, own: box })
  console.error(`no registry in reach: making ${own} from packages`)
  const script = spawn(new URL('stand-in.sh', import.meta.url).pathname, [image], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE: process.execPath },
  })
  const ended = new Promise<number | null>(resolve => script.on('close', resolve))
  await engine.buildImage(script.stdout, { tags: [own], dockerfile: 'Dockerfile' })
  if ((await ended) !== 0) throw new Error(`setup/stand-in.sh ${image} failed`)
}

const box = 'gantry-stand-in/box'
