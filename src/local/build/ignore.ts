import { normalize } from 'node:path/posix'
import { userError } from '../../text/problem.ts'

/** Tells whether a path of the build context is left out; paths are relative with "/" between. */
export interface Ignore {
  excludes(path: string): boolean
  /** Whether something below an excluded directory may be wanted nonetheless. */
  reaches(directory: string): boolean
}

interface Pattern {
  /** A line with "!": it brings back what an earlier one left out. */
  readonly wanted: boolean
  readonly text: string
  readonly matches: (path: string) => boolean
}

/**
 * The rules of a .dockerignore file: the last line that matches a path, or a directory it is in, decides.
 * `*` and `?` stop at "/", `**` does not; lines are relative to the context, whatever slash they begin with.
 * Throws UserError `bad-pattern`. Source: https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function ignore(text: string): Ignore {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .filter(line => !line.startsWith('#'))
  return ignoring(lines)
}

/** As `ignore`, of lines that are patterns each. */
export function ignoring(lines: readonly string[]): Ignore {
  const { matches, reaches } = matching(lines)
  return { excludes: matches, reaches: directory => reaches(directory, true) }
}

/** The other way round: only what a pattern names, or a directory it is in, is wanted. */
export function including(lines: readonly string[]): Ignore {
  const { matches, reaches } = matching(lines)
  return { excludes: path => !matches(path), reaches: directory => reaches(directory, false) }
}

function matching(lines: readonly string[]) {
  const patterns = lines
    .map(line => line.trim())
    .filter(line => line !== '')
    .map(toPattern)
  const directories = new Map<string, readonly boolean[]>()

  /** Which lines match a path or a directory it is in. A line that would change nothing does not count, not even for what is inside. */
  const matchesOf = (path: string): readonly boolean[] => {
    const slash = path.lastIndexOf('/')
    const parent = slash < 0 ? [] : ofDirectory(path.slice(0, slash))
    let excluded = false
    return patterns.map((pattern, i) => {
      const matched = parent[i] || (pattern.wanted === excluded && pattern.matches(path))
      if (matched) excluded = !pattern.wanted
      return matched
    })
  }
  const ofDirectory = (path: string): readonly boolean[] => {
    const known = directories.get(path) ?? matchesOf(path)
    directories.set(path, known)
    return known
  }

  return {
    matches(path: string): boolean {
      if (patterns.length === 0) return false
      const last = matchesOf(path).lastIndexOf(true)
      return last >= 0 && !patterns[last]!.wanted
    },
    reaches: (directory: string, wanted: boolean) =>
      patterns.some(pattern => pattern.wanted === wanted && mayReach(pattern.text, directory)),
  }
}

function toPattern(line: string): Pattern {
  const wanted = line.startsWith('!')
  const written = wanted ? line.slice(1).trim() : line
  if (written === '') throw userError('bad-pattern', 'the ignore pattern "!" has nothing after the "!"')
  const clean = normalize(written).replace(/(?<=.)\/$/, '')
  const text = clean.length > 1 && clean.startsWith('/') ? clean.slice(1) : clean
  return { wanted, text, matches: matcher(text) }
}

function matcher(pattern: string): (path: string) => boolean {
  // Only a leading `**` and plain text: by the end of the path, as moby compares them ("**foo" takes "xfoo" too).
  if (/^\*\*[^*?[\]\\]+$/.test(pattern)) {
    const end = pattern.slice(2)
    return path => path.endsWith(end) || (end.startsWith('/') && path === end.slice(1))
  }
  const expression = new RegExp(`^${source(pattern)}$`, 's')
  return path => expression.test(path)
}

/** A pattern as a regular expression: Go's filepath.Match, and `**`. */
function source(pattern: string): string {
  let result = ''
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!
    if (char === '*' && pattern[i + 1] === '*') {
      i++
      if (pattern[i + 1] === '/') i++
      result += i + 1 >= pattern.length ? '.*' : '(.*/)?'
    } else if (char === '*') result += '[^/]*'
    else if (char === '?') result += '[^/]'
    else if (char === '\\') result += i + 1 < pattern.length ? escape(pattern[++i]!) : '\\\\'
    else if (char === '[') {
      const end = classEnd(pattern, i)
      if (end === undefined) throw userError('bad-pattern', `the ignore pattern "${pattern}" has a "[" without its "]"`)
      result += pattern.slice(i, end + 1)
      i = end
    } else result += escape(char)
  }
  return result
}

/** Where `[a-z]`, `[^a]` or `[\]]` that begins at `at` ends. */
function classEnd(pattern: string, at: number): number | undefined {
  let i = at + 1
  if (pattern[i] === '^') i++
  if (pattern[i] === ']') return undefined
  for (; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++
    else if (pattern[i] === ']') return i
  }
  return undefined
}

function escape(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
}

/** Part by part as far as both go; from `**` on, anything. */
function mayReach(pattern: string, directory: string): boolean {
  const wanted = pattern.split('/')
  for (const [i, part] of directory.split('/').entries()) {
    const piece = wanted[i]
    if (piece === undefined) return true
    if (piece.includes('**')) return true
    if (!matcher(piece)(part)) return false
  }
  return true
}
