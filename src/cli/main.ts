import { enableCompileCache } from 'node:module'
import { run } from './run.ts'

enableCompileCache()

// Whoever read our output has gone (`logs | head`): there is nobody left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
process.stderr.on('error', () => {})

// Not awaited at the top level: the shipped command is CommonJS.
void run(process.argv.slice(2), {
  program: 'gantry',
  env: process.env,
  cwd: () => process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  onSignal(heard) {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, heard)
  },
  exit,
}).then(exit)

/** Ends the process once all output is written: a pipe takes it piece by piece, and exiting at once would cut it off. */
async function exit(code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr])
    if (stream.writableLength > 0) await new Promise(resolve => stream.write('', resolve))
  process.exit(code)
}
