import type { Problem } from './problem.ts'
import type { Source } from './source.ts'

export function tooDeep(source: Source, offset: number, levels: number): Problem {
  return {
    code: 'too-deep',
    severity: 'error',
    message: `lists and mappings are nested more than ${levels} levels deep`,
    hint: 'look for brackets that are never closed',
    at: { source, start: offset, end: offset + 1 },
  }
}

export function unreadable(source: Source, offset: number): Problem {
  return {
    code: 'yaml-syntax',
    severity: 'error',
    message: 'this is not valid YAML',
    hint: 'look at the indentation, quotes and brackets before this place; in a smaller file more could be said',
    at: { source, start: offset, end: offset + 1 },
  }
}

export function otherVersion(source: Source, version: string): Problem {
  const start = Math.max(0, source.text.search(/^%YAML/m))
  return {
    code: 'yaml-version',
    severity: 'error',
    message: `"%YAML ${version}" is incompatible: docker compose reads 1.1 only`,
    at: { source, start, end: start + source.text.slice(start).search(/$/m) },
    hint: 'remove the line',
  }
}
