import { spokenSize } from './units.ts'

/** How a container ended, with what its exit code stands for: `exited (137: out of memory, limit 64 MiB)`. */
export function exitWords(code: number, { oomKilled = false, spec }: Ending = {}): string {
  const meaning = oomKilled
    ? `out of memory${spec?.memory ? `, limit ${spokenSize(spec.memory)}` : ''}`
    : exitMeaning(code)
  return meaning === undefined ? `exited (${code})` : `exited (${code}: ${meaning})`
}

interface Ending {
  readonly oomKilled?: boolean
  readonly spec?: { readonly memory: number }
}

/** A code within a sentence, with what it stands for: `137 (out of memory)`; a program's own, and success, alone. */
export function codeWords(code: number, oomKilled = false): string {
  const meaning = oomKilled ? 'out of memory' : code === 0 ? undefined : exitMeaning(code)
  return meaning === undefined ? String(code) : `${code} (${meaning})`
}

/** What an exit code stands for, where it is more than a program's own. */
export function exitMeaning(code: number): string | undefined {
  return meanings[code] ?? (code > 128 && code < 192 ? `ended by signal ${code - 128}` : undefined)
}

/** Above 128: ended by the signal of the number above it, as shells tell it. */
const meanings: Readonly<Record<number, string>> = {
  0: 'success',
  125: 'the engine could not run it',
  126: 'its command is not executable',
  127: 'its command was not found',
  129: 'hung up, SIGHUP',
  130: 'interrupted, SIGINT',
  131: 'quit, SIGQUIT',
  132: 'illegal instruction, SIGILL',
  134: 'aborted, SIGABRT',
  135: 'bus error, SIGBUS',
  136: 'arithmetic error, SIGFPE',
  137: 'killed, SIGKILL',
  139: 'memory fault or abort, SIGSEGV',
  141: 'broken pipe, SIGPIPE',
  142: 'timed out by itself, SIGALRM',
  143: 'terminated, SIGTERM',
}
