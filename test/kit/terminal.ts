import { spawn } from '@lydell/node-pty'

/** A command on a terminal, as a person has it. */
export interface Terminal {
  /** All that the terminal was sent. */
  output(): string
  /** Resolves with what came since the last time, once that holds the text; fails where the command ends before, or a minute goes by. */
  says(text: string | RegExp): Promise<string>
  type(keys: string): void
  resize(columns: number, rows: number): void
  /** Of the command itself, not of the shell that it was typed into. */
  signal(signal: NodeJS.Signals): Promise<void>
  /** The exit code; and how the terminal was left, of which a shell has only the cooked kind. */
  readonly ended: Promise<{ readonly code: number; readonly terminal: 'cooked' | 'raw' }>
}

/** Types a command line into a shell on a terminal of some size. */
export function terminal(command: readonly string[], { cwd, env, columns = 80, rows = 24 }: TerminalOptions): Terminal {
  const quoted = command.map(word => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  // The shell stays for what the command leaves behind, and tells its process.
  const script = [
    'trap : INT; set -m',
    `sh -c 'echo "<pid $$>"; exec "$@"' sh ${quoted}; code=$?`,
    'left() { stty -a | grep -o -- "-\\?icanon"; }',
    'while [ -n "$(jobs -s)" ]; do echo "<suspended $(left)>"; read -r _; fg >/dev/null; code=$?; done',
    'echo "<ended $code $(left)>"',
  ].join('\n')
  const shell = spawn('bash', ['-c', script], { cols: columns, rows, cwd, env: { ...env, TERM: 'xterm' } })
  let output = ''
  let seen = 0
  const lookers = new Set<() => void>()
  shell.onData(text => {
    output += text
    for (const look of lookers) look()
  })
  const ended = new Promise<{ code: number; terminal: 'cooked' | 'raw' }>((done, failed) => {
    shell.onExit(() => {
      const [, code, mode] = /<ended (\d+) (-?)icanon>/.exec(output) ?? []
      if (code === undefined) failed(new Error(`the shell ended without a word:\n${output}`))
      else done({ code: Number(code), terminal: mode === '-' ? 'raw' : 'cooked' })
      for (const look of lookers) look()
    })
  })
  ended.catch(() => {})
  const self: Terminal = {
    output: () => output,
    says: text =>
      new Promise((done, failed) => {
        const stop = (why: string) => {
          clearTimeout(timer)
          lookers.delete(look)
          failed(new Error(`${command.slice(-4).join(' ')} ${why} before it said ${String(text)}:\n${output}`))
        }
        const timer = setTimeout(() => stop('let a minute go by'), 60_000)
        const look = () => {
          const fresh = output.slice(seen)
          const found = typeof text === 'string' ? fresh.indexOf(text) : fresh.search(text)
          if (found < 0) return fresh.includes('<ended ') ? stop('ended') : undefined
          clearTimeout(timer)
          lookers.delete(look)
          const length = typeof text === 'string' ? text.length : text.exec(fresh)![0].length
          seen += found + length
          done(fresh.slice(0, found + length))
        }
        lookers.add(look)
        look()
      }),
    type: keys => shell.write(keys),
    resize: (width, height) => shell.resize(width, height),
    async signal(signal) {
      const pid = Number(/<pid (\d+)>/.exec(output)?.[1])
      process.kill(pid, signal)
    },
    ended,
  }
  return self
}

interface TerminalOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly columns?: number
  readonly rows?: number
}
