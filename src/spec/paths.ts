import { join, posix } from 'node:path'
import type { Node, Scalar } from '../text/node.ts'
import type { Context } from './shape.ts'

const driveOrShare = /^(?:[A-Za-z]:[\\/]|\\\\[^\\]+\\)/

/** A path made absolute: `~` is the home directory, an absolute one stays as written, a relative one is joined and cleaned. */
export function absolute(path: string, { base, home, resolvePaths }: Context): string {
  if (!resolvePaths) return path
  if (path.startsWith('~')) {
    // As docker compose has it, `~u/a` is below our own home: users are not looked up.
    return path === '~' ? home : join(home, path.slice(1))
  }
  return path.startsWith('/') ? path : trimmed(join(base, path))
}

/** The same, for paths that may be Windows'. */
export function absoluteOrWindows(path: string, context: Context): string {
  return driveOrShare.test(path) ? path : absolute(path, context)
}

/** A build context: a directory, or something that is fetched. */
export function absoluteContext(path: string, context: Context): string {
  return isRemoteContext(path) ? path : absolute(path, context)
}

/** The node with its text as a path of this machine. */
export function pathNode(node: Node, context: Context, resolve = absolute): Node {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return node
  const value = resolve(node.value, context)
  return value === node.value ? node : { ...node, value }
}

export const pathScalar = (node: Scalar, context: Context, resolve = absolute): Scalar =>
  pathNode(node, context, resolve) as Scalar

/** A path of the container, without what says nothing in it. */
export function cleaned(path: string): string {
  return trimmed(posix.normalize(path))
}

function trimmed(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

function isRemoteContext(path: string): boolean {
  return (
    path.includes('://') ||
    path.startsWith('service:') ||
    /^(?:git@|github\.com\/|git:|ssh:|https?:|docker-image:|target:)/.test(path)
  )
}
