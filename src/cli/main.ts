import { realpathSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { isSea } from 'node:sea'
import { calledBy } from './called.ts'
import { workingDirectory } from './here.ts'
import { run } from './run.ts'

enableCompileCache()

/** The standard streams in use. Node opens each when it is first named, and that takes longer than `version` does otherwise. */
const open = new Set<NodeJS.WriteStream>()

function opened(stream: NodeJS.WriteStream, failed: (error: NodeJS.ErrnoException) => void): NodeJS.WriteStream {
  if (open.has(stream)) return stream
  open.add(stream)
  return stream.on('error', failed)
}

// Not awaited at the top level: the shipped command is CommonJS.
void run(process.argv.slice(2), {
  // A standalone executable has no script; what was typed stands there.
  called: calledBy(process.argv[1]!, process.env),
  get file() {
    return realpathSync(isSea() ? process.execPath : process.argv[1]!)
  },
  env: process.env,
  cwd: () => workingDirectory(process.env),
  get stdin() {
    return process.stdin
  },
  get stdout() {
    // Whoever read our output has gone (`logs | head`): there is nobody left to tell.
    return opened(process.stdout, error => process.exit(error.code === 'EPIPE' ? 0 : 1))
  },
  get stderr() {
    return opened(process.stderr, () => {})
  },
  onSignal(heard) {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, heard)
    const { DOCKER_CLI_PLUGIN_SOCKET } = process.env
    if (DOCKER_CLI_PLUGIN_SOCKET)
      void import('./docker-gone.ts').then(({ untilDockerIsGone }) =>
        untilDockerIsGone(DOCKER_CLI_PLUGIN_SOCKET, () => heard('SIGINT')),
      )
  },
  onOtherSignals(names, heard) {
    for (const name of names) process.on(name, heard)
  },
  exit,
}).then(exit)

/** Ends the process once all output is written: a pipe takes it piece by piece, and exiting at once would cut it off. */
async function exit(code: number): Promise<never> {
  for (const stream of open) if (stream.writableLength > 0) await new Promise(resolve => stream.write('', resolve))
  process.exit(code)
}
