import { spawn } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { withoutCredentials } from '../../base/url-credentials.ts'
import { userError } from '../../text/problem.ts'
import type { FetchOptions } from './fetch.ts'
import { commitOf, gitReference, isCommit } from './git-reference.ts'
import { kept } from './kept.ts'

/** Milliseconds after which nobody waits any longer. */
const patience = { ask: 60_000, fetch: 300_000 }

/** Output that is longer is no answer. */
const longest = 1024 * 1024

interface Tree {
  /** The files of one commit. */
  readonly folder: string
  /** In the folder, relative; empty for its root. */
  readonly path: string
  readonly commit: string
}

/** The files of the commit that a reference names. A full commit that is kept already is not asked for. Throws UserError. */
export async function fetchGit(text: string, cache: string, options: FetchOptions): Promise<Tree> {
  const { url, ref, path } = gitReference(text)
  const folderOf = (commit: string) => join(cache, 'git', commit)
  const commit = isCommit(ref) ? ref : await resolved(url, ref, options)
  const folder = await kept(folderOf(commit), draft => checkOut(url, commit, draft, options))
  return { folder, path, commit }
}

async function resolved(url: string, ref: string, options: FetchOptions): Promise<string> {
  const listing = await git(url, ['ls-remote', '--', url, ref, `${ref}^{}`], patience.ask, options)
  const commit = commitOf(ref, listing)
  if (commit) return commit
  throw userError(
    'no-such-ref',
    `"${withoutCredentials(url)}" has no branch or tag "${ref}"`,
    'check the name after "#", or write a full commit',
  )
}

/** The files alone: what git keeps of the repository names its URL, and no part may read it. */
async function checkOut(url: string, commit: string, draft: string, options: FetchOptions): Promise<void> {
  const repository = `${draft}.git`
  const run = (args: readonly string[], wait: number) => git(url, [`--git-dir=${repository}`, ...args], wait, options)
  await mkdir(repository)
  try {
    await run(['init', '--quiet', '--bare'], patience.ask)
    await run(['fetch', '--quiet', '--depth=1', '--no-tags', '--', url, commit], patience.fetch)
    await run([`--work-tree=${draft}`, 'checkout', '--quiet', '--force', commit, '--', '.'], patience.fetch)
  } finally {
    await rm(repository, { recursive: true, force: true })
  }
}

/** Asks nobody, and ends: by itself, by its patience, or by the signal. */
async function git(url: string, args: readonly string[], wait: number, { env, signal }: FetchOptions): Promise<string> {
  signal?.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number | null; out: string; err: string }>()
  const grouped = process.platform !== 'win32'
  const child = spawn('git', [...settings, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(env),
    // A group of its own, so that ssh and git's helpers end with it.
    detached: grouped,
    windowsHide: true,
  })
  const end = () => {
    try {
      if (grouped && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      else child.kill('SIGKILL')
    } catch {
      // It has ended.
    }
  }
  let late = false
  const timer = setTimeout(() => {
    late = true
    end()
  }, wait)
  signal?.addEventListener('abort', end, { once: true })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out = (out + text).slice(0, longest)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err = (err + text).slice(-longest)
  })
  child.on('error', error => reject(missing(error)))
  child.on('close', code => resolve({ code, out, err }))
  try {
    const answer = await promise
    signal?.throwIfAborted()
    if (late) throw failed(url, `git gave no answer in ${wait / 1000} seconds`)
    if (answer.code !== 0) throw failed(url, answer.err)
    return answer.out
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  }
}

/** Of the transports of git only those that a reference can name, no hooks, and no waiting for a line that is dead. */
const settings = [
  'protocol.allow=never',
  ...['https', 'http', 'ssh', 'git', 'file'].map(name => `protocol.${name}.allow=always`),
  'core.hooksPath=/dev/null',
  'core.autocrlf=false',
  'http.lowSpeedLimit=1',
  'http.lowSpeedTime=30',
  'advice.detachedHead=false',
  'gc.auto=0',
].flatMap(setting => ['-c', setting])

function environment(env: FetchOptions['env']): Record<string, string | undefined> {
  // Set while git runs a hook: it would work on the repository around us.
  const own =
    /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX)$/
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)))
  const ssh = env['GIT_SSH_COMMAND'] || env['GIT_SSH'] ? {} : { GIT_SSH_COMMAND: batchSsh }
  return { ...rest, ...ssh, GIT_TERMINAL_PROMPT: '0', GCM_INTERACTIVE: 'never', LC_ALL: 'C' }
}

const batchSsh = 'ssh -o BatchMode=yes -o ConnectTimeout=20 -o ControlMaster=no'

function missing(error: Error): Error {
  const code = (error as NodeJS.ErrnoException).code
  return userError(
    'git-missing',
    `the program "git" cannot be run: ${code}`,
    'install git, or fetch the repository by other means and name the local copy',
  )
}

function failed(url: string, said: string): Error {
  const lines = said
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
  const telling = lines.findLast(
    line => /^(?:fatal|error|ERROR):/.test(line) && !/Could not read from remote/.test(line),
  )
  const reason = (telling ?? lines.at(-1) ?? 'git failed').replace(/^(?:fatal|error): /, '')
  const shown = withoutCredentials(url)
  return userError(
    'git-failed',
    `"${shown}" cannot be fetched: ${withoutCredentials(reason).slice(0, 300)}`,
    hintFor(said, shown),
  )
}

function hintFor(said: string, url: string): string {
  if (/Host key verification failed/.test(said)) return 'connect to it once with ssh, and accept its key'
  if (/Username|Password|Authentication|Permission denied|\b40[13]\b/i.test(said))
    return 'give git the credentials: nobody is asked for them here (a credential helper, or a key in ssh-agent)'
  if (/resolve host|Connection|unable to access|no answer/i.test(said))
    return 'check the address and the network; a full commit after "#" that was fetched before needs none'
  return `check the address: "git ls-remote ${url}" says more`
}
