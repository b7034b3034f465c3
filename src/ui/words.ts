/** How long, roughly, as docker's tables say it: "3 minutes", "About an hour". Milliseconds. */
export function roughly(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000)
  if (seconds < 1) return 'Less than a second'
  if (seconds === 1) return '1 second'
  if (seconds < 60) return `${seconds} seconds`
  const minutes = Math.trunc(seconds / 60)
  if (minutes === 1) return 'About a minute'
  if (minutes < 60) return `${minutes} minutes`
  const hours = Math.trunc(seconds / 3600 + 0.5)
  if (hours === 1) return 'About an hour'
  if (hours < 48) return `${hours} hours`
  if (hours < 24 * 7 * 2) return `${Math.trunc(hours / 24)} days`
  if (hours < 24 * 30 * 2) return `${Math.trunc(hours / 24 / 7)} weeks`
  if (hours < 24 * 365 * 2) return `${Math.trunc(hours / 24 / 30)} months`
  return `${Math.trunc(hours / 24 / 365)} years`
}

/** How long something took: "0.4s", "12s", "2m05s". Milliseconds. */
export function took(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 10) return `${seconds.toFixed(1)}s`
  if (seconds < 60) return `${Math.floor(seconds)}s`
  return `${Math.floor(seconds / 60)}m${String(Math.floor(seconds % 60)).padStart(2, '0')}s`
}

const signals: Readonly<Record<number, string>> = {
  1: 'hung up (SIGHUP)',
  2: 'interrupted (SIGINT)',
  3: 'quit (SIGQUIT)',
  4: 'crashed (SIGILL)',
  6: 'aborted itself (SIGABRT)',
  7: 'crashed (SIGBUS)',
  8: 'crashed (SIGFPE)',
  9: 'killed (SIGKILL)',
  11: 'crashed (SIGSEGV)',
  13: 'broken pipe (SIGPIPE)',
  14: 'timed out by itself (SIGALRM)',
  15: 'terminated (SIGTERM)',
}

const codes: Readonly<Record<number, string>> = {
  0: 'done',
  125: 'the engine could not run it',
  126: 'the command is not executable',
  127: 'the command was not found',
}

/** An exit code with what it stands for: `137 killed (SIGKILL)`; a plain one alone. */
export function exitCode(code: number, oomKilled = false): string {
  if (oomKilled) return `${code} killed for using too much memory`
  const words = codes[code] ?? (code > 128 ? (signals[code - 128] ?? `ended by signal ${code - 128}`) : undefined)
  return words ? `${code} ${words}` : String(code)
}

/** A decimal size with at most four significant digits, as docker prints them: "2.31MB". */
export function size(bytes: number, digits = 4): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${Number(value.toPrecision(digits))}${units[unit]}`
}

/** "3 errors", "1 error". */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`
