import type { Readable, Writable } from 'node:stream'

/** The line that is typed, or piped, in answer to a question, without blanks around it; "" where the input ends instead. Throws when interrupted. */
export async function answerTo(
  question: string,
  { stdin, stderr }: { readonly stdin: Readable; readonly stderr: Writable },
  signal: AbortSignal,
): Promise<string> {
  // Whatever was in it has been read: a compose file, say (`--file -`).
  if (stdin.readableEnded || stdin.destroyed) return ''
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: stdin, output: stderr })
  // Ctrl-C is a key while a line is edited; to everybody else it is a signal.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  const ended = new Promise<string>(resolve => {
    // A last line without its end: what it answers is not asked here.
    lines.once('line', resolve)
    lines.once('close', () => {
      stderr.write('\n')
      resolve('')
    })
  })
  try {
    const answer = await Promise.race([lines.question(question, { signal }), ended])
    return answer.trim()
  } finally {
    lines.removeAllListeners('close')
    lines.close()
  }
}
