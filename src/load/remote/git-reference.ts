import { posix } from 'node:path'
import { userError } from '../../text/problem.ts'

/** `URL#REF:PATH`, as `docker build` writes a git context. */
export interface GitReference {
  readonly url: string
  /** A branch, a tag, a full ref or a commit. */
  readonly ref: string
  /** Of a file or directory in the repository, relative; empty for its root. */
  readonly path: string
}

const commit = /^[0-9a-f]{40}$/

/** Throws UserError where the ref or the path cannot be one. */
export function gitReference(text: string): GitReference {
  const hash = text.indexOf('#')
  const address = hash < 0 ? text : text.slice(0, hash)
  const fragment = hash < 0 ? '' : text.slice(hash + 1)
  const colon = fragment.indexOf(':')
  const ref = (colon < 0 ? fragment : fragment.slice(0, colon)) || 'HEAD'
  // What git itself forbids in names; some of it would be a pattern or an option.
  // eslint-disable-next-line no-control-regex -- control characters are part of it
  if (/^-|[\0-\x20\x7f~^:?*[\\]|\.\./.test(ref))
    throw userError('bad-remote', `"${ref}" is no branch, tag or commit`, 'write URL#REF, or URL#REF:PATH')
  const path = colon < 0 ? '' : posix.normalize(fragment.slice(colon + 1).replace(/^\/+/, '') || '.')
  if (path === '..' || path.startsWith('../') || path.includes('\0'))
    throw userError(
      'outside-part',
      `"${fragment.slice(colon + 1)}" leads out of the repository`,
      'name a directory or a file in it',
    )
  return {
    url: address.startsWith('github.com/') ? `https://${address}` : address,
    ref,
    path: path === '.' ? '' : path,
  }
}

export function isCommit(ref: string): boolean {
  return commit.test(ref)
}

/** Which commit `git ls-remote URL REF REF^{}` names: of a branch and a tag of one name the branch, as docker has it. */
export function commitOf(ref: string, listing: string): string | undefined {
  const found = new Map(
    listing.split('\n').flatMap(line => {
      const [id = '', name = ''] = line.split('\t')
      return commit.test(id) ? [[name, id] as const] : []
    }),
  )
  const names = [ref, `refs/heads/${ref}`, `refs/tags/${ref}^{}`, `refs/tags/${ref}`, `refs/${ref}`]
  // An annotated tag is an object of its own, which `^{}` follows.
  for (const name of names) if (found.has(name)) return found.get(`${name}^{}`) ?? found.get(name)
  return undefined
}
