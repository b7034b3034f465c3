import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { userError } from '../../../text/problem.ts'

/** An agent that a build may ask to sign. */
export interface SshAgent {
  readonly socket: string
  close(): Promise<void>
}

/** The agent behind a socket, or one of our own that holds a private key. Throws UserError. */
export async function sshAgent(path: string): Promise<SshAgent> {
  const stats = await stat(path).catch((error: unknown) => {
    throw userError('no-ssh', `"${path}" cannot be read: ${(error as Error).message}`)
  })
  if (stats.isSocket()) return { socket: path, close: async () => {} }
  // Only we may come near it.
  const folder = await mkdtemp(join(tmpdir(), 'gantry-ssh-'))
  const socket = join(folder, 'agent')
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
  const close = async () => {
    agent.kill()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await new Promise((resolve, reject) => {
      // It says where it listens once it does.
      agent.stdout.once('data', resolve)
      agent.once('error', reject)
      agent.once('exit', code => reject(new Error(`it ended with exit code ${code}`)))
    })
    await addKey(path, socket)
    return { socket, close }
  } catch (error) {
    await close()
    const { message } = error as NodeJS.ErrnoException
    throw userError(
      'no-ssh',
      `the key "${path}" cannot be given to an SSH agent: ${message}`,
      message === LOCKED
        ? `add it to your own agent ("ssh-add ${path}"), and name no path: "default"`
        : 'install OpenSSH, or add the key to your own agent and name no path: "default"',
    )
  }
}

/** Nobody is asked while images are built: buildx refuses such a key as well. */
const LOCKED = 'it has a passphrase'

/** Through a pipe: a file that others may read too would be refused, which is not ours to judge. */
async function addKey(path: string, socket: string): Promise<void> {
  const env = { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS_REQUIRE: 'never', LC_ALL: 'C' }
  const add = spawn('ssh-add', ['-q', '-'], { env, stdio: ['pipe', 'ignore', 'pipe'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    add.once('error', reject)
    add.once('close', resolve)
  })
  add.stdin.on('error', () => {})
  createReadStream(path)
    .on('error', () => add.stdin.end())
    .pipe(add.stdin)
  const [code, said] = await Promise.all([ended, text(add.stderr)])
  if (code === 0) return
  if (/passphrase/i.test(said)) throw new Error(LOCKED)
  throw new Error(said.trim().split('\n')[0] || `ssh-add ended with exit code ${code}`)
}
