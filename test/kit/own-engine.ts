import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** An engine that a test may kill: in a network namespace of its own, so that it does not meet any other. */
interface OwnEngine {
  /** As DOCKER_HOST wants it. */
  readonly host: string
  /** Ends its process by a signal, and starts it again after so many milliseconds. */
  restart(signal: 'SIGTERM' | 'SIGKILL', away: number): Promise<void>
  /** Ends it and removes all that it had. */
  end(): Promise<void>
}

/** What the machine lacks for one; undefined where nothing is missing. */
export function missingForOwnEngine(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'starting an engine takes root on Linux'
  const lacking = ['dockerd', 'unshare'].find(command => spawnSync('which', [command]).status !== 0)
  return lacking && `the machine has no ${lacking}`
}

/** Has the image of another engine, and nothing else. */
export async function ownEngine(from: string, image: string): Promise<OwnEngine> {
  const run = await mkdtemp(join(tmpdir(), 'gantry-own-'))
  const data = join(run, 'data')
  const socket = join(run, 'sock')
  const name = run.slice(run.lastIndexOf('/') + 1)
  await mkdir(data)
  await writeFile(join(run, 'daemon.json'), '{}')
  const keeper = spawn('unshare', ['--net', 'sleep', '3600'], { stdio: 'ignore' })
  let daemon: ChildProcess | undefined
  const start = async () => {
    const flags = [
      ['--config-file', join(run, 'daemon.json'), '--host', `unix://${socket}`, '--data-root', data],
      ['--exec-root', join(run, 'exec'), '--pidfile', join(run, 'pid'), '--cgroup-parent', `/${name}`],
      ['--containerd-namespace', name, '--containerd-plugins-namespace', `${name}-plugins`, '--log-level', 'warn'],
      ['--bridge', 'none', '--iptables=false', '--default-address-pool', 'base=10.99.0.0/16,size=24'],
    ].flat()
    daemon = spawn('nsenter', [`--net=/proc/${keeper.pid}/ns/net`, 'dockerd', ...flags], { stdio: 'ignore' })
    for (let tries = 0; tries < 300; tries++) {
      if ((await call(socket, 'GET', '/_ping').catch(() => undefined)) !== undefined) return
      await passed(100)
    }
    throw new Error('the engine did not come up')
  }
  const stop = async (signal: NodeJS.Signals) => {
    if (!daemon || daemon.exitCode !== null) return
    const gone = once(daemon, 'exit')
    daemon.kill(signal)
    await gone
  }
  await start()
  const archive = await call(from.replace('unix://', ''), 'GET', `/images/${encodeURIComponent(image)}/get`)
  await call(socket, 'POST', '/images/load', archive)
  return {
    host: `unix://${socket}`,
    async restart(signal, away) {
      await stop(signal)
      await passed(away)
      await start()
    },
    async end() {
      await stop('SIGTERM')
      await sweep(run, name)
      keeper.kill('SIGKILL')
      await rm(run, { recursive: true, force: true })
    },
  }
}

/** Containers and what runs them outlive the engine. */
async function sweep(run: string, name: string): Promise<void> {
  for (const pid of (await readdir('/proc')).filter(entry => /^\d+$/.test(entry))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const words = line.split('\0')
    const ours =
      (words[0]?.endsWith('containerd-shim-runc-v2') && words.includes(name)) || line.includes(`${run}/exec/containerd`)
    if (!ours) continue
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
    for (const one of [...children.split(' ').filter(Boolean), pid]) spawnSync('kill', ['-9', one])
  }
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').map(line => line.split(' ')[4] ?? '')
  for (const mount of mounts
    .filter(m => m.startsWith(`${run}/`))
    .toSorted()
    .toReversed())
    spawnSync('umount', ['--lazy', mount])
  spawnSync('find', ['/sys/fs/cgroup', '-depth', '-type', 'd', '-path', `*/${name}*`, '-exec', 'rmdir', '{}', '+'])
}

const passed = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

function call(socketPath: string, method: string, path: string, body?: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const headers = { Host: 'docker', ...(body && { 'Content-Type': 'application/x-tar' }) }
    const asked = request({ socketPath, method, path, headers }, answer => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece)).on('error', reject)
      answer.on('end', () => {
        const all = Buffer.concat(pieces)
        if (answer.statusCode! < 400) resolve(all)
        else reject(new Error(`${method} ${path}: ${answer.statusCode} ${all.toString()}`))
      })
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
