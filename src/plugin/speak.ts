import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface Speaking {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly directory: string
  readonly signal: AbortSignal
}

/** How a program ended, and the last it said to standard error. */
export interface Spoken {
  readonly code: number
  readonly complaint: string
}

/** Runs a program and hands over its lines of standard output as they come. Throws the signal's reason where it was aborted. */
export async function speak(
  program: string,
  args: readonly string[],
  { env, directory, signal }: Speaking,
  onLine: (line: string) => void,
): Promise<Spoken> {
  signal.throwIfAborted()
  const child = spawn(program, args, { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  child.on('error', error => reject(new Error(`"${program}" cannot be run: ${(error as NodeJS.ErrnoException).code}`)))
  child.on('close', code => resolve(code ?? 128))
  // Asked to end, not killed: it may have something half made of its own.
  const end = () => child.kill('SIGTERM')
  signal.addEventListener('abort', end, { once: true })
  const complaints: string[] = []
  createInterface({ input: child.stdout }).on('line', onLine)
  createInterface({ input: child.stderr }).on('line', line => {
    complaints.push(line)
    if (complaints.length > 5) complaints.shift()
  })
  try {
    const code = await promise
    signal.throwIfAborted()
    return { code, complaint: complaints.join('\n') }
  } finally {
    signal.removeEventListener('abort', end)
  }
}
