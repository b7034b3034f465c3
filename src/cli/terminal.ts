import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import type { ExecOptions, LogChunk } from '../engine/engine.ts'
import type { App } from './app.ts'
import { type DetachKeys, untilKeys } from './detach-keys.ts'

/** A container's process on our own terminal or pipes. */
export interface Hooked extends Pick<ExecOptions, 'onOutput' | 'onStart' | 'stdin' | 'detachKeys'> {
  /** Aborts when the keys that let go of it were typed. */
  readonly letGo: AbortSignal
  /** Leaves the terminal as it was found. */
  release(): void
}

export interface HookOptions {
  /** The process has a terminal: every key goes to it as it is typed, Ctrl-C too. */
  readonly tty: boolean
  /** It reads what we read. */
  readonly interactive: boolean
  readonly keys: DetachKeys
}

/** Connects our streams. */
export function hook(
  { stdin, stdout, stderr }: Pick<App, 'stdin' | 'stdout' | 'stderr'>,
  { tty, interactive, keys }: HookOptions,
): Hooked {
  const raw = tty && interactive && stdin.isTTY
  const detached = new AbortController()
  const undo: (() => void)[] = []
  const restore = raw ? rawTerminal(stdin, { output: true }) : () => {}
  return {
    ...(interactive && { stdin: raw ? untilKeys(stdin, keys.bytes, () => detached.abort()) : stdin }),
    ...(raw && { detachKeys: keys.text }),
    letGo: detached.signal,
    async onOutput({ stream, bytes }: LogChunk) {
      const out = stream === 'stderr' ? stderr : stdout
      if (!out.write(bytes)) await once(out, 'drain')
    },
    onStart(resize) {
      if (!tty) return
      // The command may have ended already, and then its size does not matter.
      const tell = () => void resize({ rows: stdout.rows, columns: stdout.columns }).catch(() => {})
      tell()
      for (const [on, event] of [
        [stdout, 'resize'],
        [process, 'SIGCONT'],
      ] as const) {
        on.on(event, tell)
        undo.push(() => on.off(event, tell))
      }
    },
    release() {
      for (const take of undo.splice(0)) take()
      restore()
    },
  }
}

/**
 * Has every key come as it is typed, and gives the way back. However the process ends or is suspended, the user's shell finds its
 * terminal as it was: Node itself sees to that only for SIGINT and SIGTERM. With `output` what is written passes as it is, too.
 */
export function rawTerminal(stdin: NodeJS.ReadStream, { output = false } = {}): () => void {
  const cooked = () => void stdin.setRawMode(false)
  const raw = () => {
    // Whoever was in front meanwhile may have changed it, which Node does not know.
    stdin.setRawMode(false)
    stdin.setRawMode(true)
    // Node has line feeds return the carriage still (libuv keeps ONLCR); a container's terminal has done that where it is wanted, and an
    // editor moves down with a bare one. What Node restores later includes this.
    if (output) spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] })
  }
  const suspended = () => {
    cooked()
    process.kill(process.pid, 'SIGSTOP')
  }
  const killed = (_: string, number: number) => {
    // Who hands signals on to a container has a listener of its own, and goes on.
    if (process.listenerCount('SIGHUP') > 1) return
    process.exit(128 + number)
  }
  raw()
  process.on('exit', cooked)
  process.on('SIGCONT', raw)
  process.on('SIGTSTP', suspended)
  for (const signal of ['SIGHUP', 'SIGQUIT'] as const) process.on(signal, killed)
  return () => {
    process.off('exit', cooked)
    process.off('SIGCONT', raw)
    process.off('SIGTSTP', suspended)
    for (const signal of ['SIGHUP', 'SIGQUIT'] as const) process.off(signal, killed)
    cooked()
  }
}
