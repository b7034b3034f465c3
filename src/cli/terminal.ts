import { once } from 'node:events'
import type { ExecOptions, LogChunk } from '../engine/engine.ts'
import type { App } from './app.ts'

/** A container's process on our own terminal or pipes. */
export interface Hooked extends Pick<ExecOptions, 'onOutput' | 'onStart' | 'stdin'> {
  /** Leaves the terminal as it was found. */
  release(): void
}

/** Connects our streams; with `tty` every key goes to the container as it is typed, Ctrl-C too. */
export function hook(
  { stdin, stdout, stderr }: Pick<App, 'stdin' | 'stdout' | 'stderr'>,
  tty: boolean,
  interactive: boolean,
): Hooked {
  const raw = tty && stdin.isTTY
  const resized: (() => void)[] = []
  const cooked = () => {
    if (raw) stdin.setRawMode(false)
  }
  if (raw) {
    stdin.setRawMode(true)
    // However the process ends, the user's shell must find its terminal.
    process.once('exit', cooked)
  }
  return {
    ...(interactive && { stdin }),
    async onOutput({ stream, bytes }: LogChunk) {
      const out = stream === 'stderr' ? stderr : stdout
      if (!out.write(bytes)) await once(out, 'drain')
    },
    onStart(resize) {
      if (!tty) return
      // The command may have ended already, and then its size does not matter.
      const tell = () => void resize({ rows: stdout.rows, columns: stdout.columns }).catch(() => {})
      tell()
      stdout.on('resize', tell)
      resized.push(tell)
    },
    release() {
      for (const tell of resized) stdout.off('resize', tell)
      process.off('exit', cooked)
      cooked()
    },
  }
}
