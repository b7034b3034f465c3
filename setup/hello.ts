import { spawnSync } from 'node:child_process'
import { connect as knock } from 'node:net'
import { fileURLToPath } from 'node:url'
import { provideEngine } from './engine.ts'
import { official, provideImages } from './images.ts'

/**
 * Brings up examples/hello on whatever engine there is and shows its page. With words after it, runs them as a gantry command on that
 * example instead: `npm run hello -- down`.
 */
const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))
const folder = fileURLToPath(new URL('../examples/hello', import.meta.url))
const standIns = fileURLToPath(new URL('stand-ins/examples/hello.yaml', import.meta.url))

const found = await provideEngine()
const images = await provideImages(found, ['busybox'])
const [mine] = await found.engine.listContainers({ project: 'hello' })
found.engine.close()

// The page moves aside for whoever has the port, but not for itself.
const port =
  mine?.ports.find(({ published }) => published > 0)?.published ?? (await freePort(Number(process.env['PORT'] ?? 8080)))
const env = {
  ...process.env,
  PORT: String(port),
  ...(images.busybox !== official.busybox && { COMPOSE_FILE: `compose.yaml:${standIns}`, BUSYBOX: images.busybox }),
}

const words = process.argv.slice(2)
if (words.length > 0) process.exitCode = gantry(...words)
else await show()

async function show(): Promise<void> {
  if (gantry('plan') === 1) throw new Error('gantry plan failed')
  if (gantry('up', '--detach', '--wait') !== 0) throw new Error('gantry up failed')
  gantry('ps')
  const url = `http://localhost:${port}`
  console.log(`\n$ curl ${url}`)
  console.log((await (await fetch(url)).text()).trim())
  console.log(`\nIt stays up at ${url}. Next: change examples/hello/compose.yaml and run this again, or`)
  console.log('  npm run hello -- logs      runs that gantry command on the example; so does any other')
  console.log('  npm run hello -- down -v   takes it down')
  if (found.ours) console.log('  npm run engine:down        ends the engine that was started for it')
}

function gantry(...args: string[]): number {
  console.log(`\n$ gantry ${args.join(' ')}`)
  return spawnSync(process.execPath, [main, ...args], { cwd: folder, env, stdio: 'inherit' }).status ?? 1
}

async function freePort(from: number): Promise<number> {
  return (await answers(from)) ? freePort(from + 1) : from
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = knock(port, '127.0.0.1')
    socket.once('connect', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })
}
