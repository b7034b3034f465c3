import type { Readable, Writable } from 'node:stream'

/** The line that is typed, or piped, in answer to a question, without blanks around it; "" where the input ends instead. Throws when interrupted. */
export async function answerTo(
  question: string,
  { stdin, stderr }: { readonly stdin: Readable; readonly stderr: Writable },
  signal: AbortSignal,
): Promise<string> {
  // Whatever was in it has been read: a compose file, say (`--file -`).
  if (stdin.readableEnded || stdin.destroyed) return ''
  const { createInterface } = await import('node:readline')
  signal.throwIfAborted()
  const lines = createInterface({ input: stdin, output: stderr, prompt: question })
  // Ctrl-C is a key while a line is edited; to everybody else it is a signal.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const interrupted = () => reject(signal.reason as Error)
  const endLine = () => stderr.write('\n')
  lines.once('line', answer => {
    lines.off('close', endLine)
    // What is piped in brings no line end to the screen.
    if (!lines.terminal) endLine()
    resolve(answer.trim())
  })
  lines.once('close', endLine)
  lines.once('close', () => resolve(''))
  signal.addEventListener('abort', interrupted)
  lines.prompt()
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', interrupted)
    lines.off('close', endLine)
    lines.close()
  }
}
