import type { Node } from './node.ts'
import type { Problem, Report } from './problem.ts'
import type { Span } from './source.ts'

/** How many nodes aliases may add to a document. A bomb stands for billions; a thousand services that share a fragment for some ten thousand. */
const budget = 500_000
/** How deep a document may be once its aliases are followed. */
const deepest = 1000

/** The anchors of one document, and how much it holds once its aliases are followed. */
export interface Anchors {
  /** A node is read, so many collections deep. */
  count(depth: number): void
  /** Reads a node that can be repeated from then on. */
  define(name: string, at: Span, depth: number, read: () => Node): Node
  /** The node that an alias repeats; undefined when that was reported. */
  follow(name: string, at: Span, depth: number): Node | undefined
}

interface Anchored {
  readonly at: Span
  /** Absent while its own content is being read. */
  node?: Node
  size: number
  height: number
}

export function anchors(report: Report): Anchors {
  const known = new Map<string, Anchored>()
  let size = 0
  let added = 0
  let lowest = 0
  let told = false
  return {
    count(depth) {
      size++
      if (depth > lowest) lowest = depth
    },
    define(name, at, depth, read) {
      const anchored: Anchored = { at, size: 0, height: 0 }
      known.set(name, anchored)
      const before = size
      const outer = lowest
      lowest = depth
      anchored.node = read()
      anchored.size = size - before
      anchored.height = lowest - depth
      lowest = Math.max(outer, lowest)
      return anchored.node
    },
    follow(name, at, depth) {
      const anchored = known.get(name)
      if (!anchored?.node) {
        report(anchored ? cycle(name, at, anchored.at) : unknown(name, at))
        return undefined
      }
      size += anchored.size
      added += anchored.size
      lowest = Math.max(lowest, depth + anchored.height)
      if (added <= budget && lowest <= deepest) return anchored.node
      if (!told) report(tooMany(at))
      told = true
      return undefined
    },
  }
}

function unknown(name: string, at: Span): Problem {
  return {
    code: 'unknown-anchor',
    severity: 'error',
    message: `there is no anchor "${name}" above this line`,
    at,
    hint: `write &${name} before the value to be repeated`,
  }
}

function cycle(name: string, at: Span, begin: Span): Problem {
  return {
    code: 'anchor-cycle',
    severity: 'error',
    message: `the anchor "${name}" is used inside itself`,
    at,
    hint: 'an alias repeats a value that is complete',
    notes: [{ message: `"${name}" begins here`, at: begin }],
  }
}

function tooMany(at: Span): Problem {
  return {
    code: 'too-many-aliases',
    severity: 'error',
    message: 'the aliases of this file expand to more than can be read',
    at,
    hint: 'repeat less through aliases, or split the file',
  }
}
