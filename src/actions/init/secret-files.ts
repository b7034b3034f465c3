import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import type { Node } from '../../text/node.ts'
import { parse } from '../../text/parse.ts'

/**
 * The files that a Compose file's secrets are read from, relative to it: those that lie in its directory or below and are named
 * without variables.
 */
export function secretFiles(text: string): readonly string[] {
  const [root] = parse({ name: 'compose.yaml', text }, () => {})
  const secrets = [...entries(child(root, 'secrets'))]
  return [...new Set(secrets.flatMap(([, secret]) => inside(child(secret, 'file')) ?? []))]
}

function inside(node: Node | undefined): string | undefined {
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return undefined
  const path = posix.normalize(node.value)
  return path.includes('$') ||
    path.startsWith('~') ||
    path.startsWith('..') ||
    path.endsWith('/') ||
    posix.isAbsolute(path)
    ? undefined
    : path
}

const child = (node: Node | undefined, name: string) =>
  node?.kind === 'dict' ? node.entries.get(name)?.node : undefined

const entries = (node: Node | undefined) =>
  node?.kind === 'dict' ? [...node.entries].map(([name, entry]) => [name, entry.node] as const) : []

/** Letters and digits only, without a line end: it stands in URLs, and not every program trims what it reads. */
export const randomSecret = (): Uint8Array => Buffer.from(randomBytes(20).toString('hex'))
