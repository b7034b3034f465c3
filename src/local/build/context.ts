import { readFile, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { isAbsent } from '../../base/error-code.ts'
import { type TarEntry, tar } from '../../base/tar.ts'
import { userError } from '../../text/problem.ts'
import { pieces } from './folder.ts'
import { type Ignore, ignore } from './ignore.ts'
import type { BuildSpec } from './spec.ts'
import { walk } from './walk.ts'

/** What is sent to the builder: a tar stream, and where in it the Dockerfile is. */
export interface BuildContext {
  /** A piece may be written over by the next one. */
  readonly tar: AsyncIterable<Uint8Array>
  readonly dockerfile: string
}

/** What was fetched from a context's address. */
export type FetchedContext =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'archive'; readonly tar: AsyncIterable<Uint8Array> }
  | { readonly kind: 'dockerfile'; readonly text: string }

/** As `buildContext`, of what was fetched. */
export async function fetchedContext(
  build: Pick<BuildSpec, 'dockerfile' | 'dockerfile_inline'>,
  fetched: FetchedContext,
): Promise<BuildContext> {
  switch (fetched.kind) {
    case 'folder': {
      const dockerfile = join(fetched.folder, build.dockerfile)
      // Nothing else of this machine is read, where links of the repository lead to it either.
      const real = build.dockerfile_inline === undefined ? await realpath(dockerfile).catch(absent) : fetched.folder
      if (real === undefined || (real !== fetched.folder && insidePath(fetched.folder, real) === undefined))
        throw noDockerfile(build.dockerfile)
      return buildContext({ ...build, context: fetched.folder, dockerfile })
    }
    case 'archive':
      return { tar: fetched.tar, dockerfile: build.dockerfile }
    case 'dockerfile': {
      const content = Buffer.from(fetched.text)
      return { tar: tar([{ type: 'file', path: OWN_DOCKERFILE, mode: 0o644, content }]), dockerfile: OWN_DOCKERFILE }
    }
  }
}

/**
 * The context of a build, without what its ignore file leaves out. A Dockerfile that is inline, outside the context or
 * ignored is sent under a name of its own, which a `COPY` does not see.
 * Throws UserError where the context or the Dockerfile is missing.
 */
export async function buildContext(
  build: Pick<BuildSpec, 'context' | 'dockerfile' | 'dockerfile_inline'>,
): Promise<BuildContext> {
  const root = build.context
  await checkedContext(root)
  const rules = await ignoreRules(build)
  const inside = build.dockerfile_inline === undefined ? insidePath(root, build.dockerfile) : undefined
  if (inside !== undefined && !rules.excludes(inside)) {
    await checkedDockerfile(build.dockerfile)
    return { tar: archive(sent(root, rules)), dockerfile: inside }
  }
  const text = build.dockerfile_inline ?? (await textOf(build.dockerfile))
  if (text === undefined) throw noDockerfile(build.dockerfile)
  return { tar: archive(withDockerfile(root, rules, text)), dockerfile: OWN_DOCKERFILE }
}

/** Throws UserError where it is no directory. */
export async function checkedContext(root: string): Promise<void> {
  const stats = await stat(root).catch(absent)
  if (!stats) throw userError('no-context', `unable to prepare context: path "${root}" not found`)
  if (!stats.isDirectory()) throw userError('no-context', `the build context "${root}" is not a directory`)
}

/** Throws UserError where it does not exist. */
export async function checkedDockerfile(file: string): Promise<void> {
  if (!(await stat(file).catch(absent))) throw noDockerfile(file)
}

/** Always the same, so that a changed Dockerfile does not spoil the cache of a `COPY` that takes in .dockerignore. */
const OWN_DOCKERFILE = '.gantry.dockerfile'

/** `<Dockerfile>.dockerignore` where there is one, else the context's .dockerignore. */
export async function ignoreRules(
  build: Pick<BuildSpec, 'context' | 'dockerfile' | 'dockerfile_inline'>,
): Promise<Ignore> {
  const own = build.dockerfile_inline === undefined ? await textOf(`${build.dockerfile}.dockerignore`) : undefined
  return ignore(own ?? (await textOf(join(build.context, '.dockerignore'))) ?? '')
}

/** The context, with a Dockerfile that the engine removes again once it has read it: the builder removes what .dockerignore names. */
async function* withDockerfile(root: string, rules: Ignore, text: string): AsyncGenerator<TarEntry> {
  const kept = rules.excludes('.dockerignore') ? undefined : await textOf(join(root, '.dockerignore'))
  for await (const entry of sent(root, rules)) if (entry.path !== '.dockerignore') yield entry
  yield { type: 'file', path: OWN_DOCKERFILE, mode: 0o644, content: Buffer.from(text) }
  const ignored = `${kept ?? '.dockerignore'}\n${OWN_DOCKERFILE}\n`
  yield { type: 'file', path: '.dockerignore', mode: 0o644, content: Buffer.from(ignored) }
}

/** What is sent of the folder, owned by root as docker sends it. */
async function* sent(root: string, rules: Ignore): AsyncGenerator<TarEntry> {
  const memory = Buffer.allocUnsafeSlow(PIECE)
  for await (const { path, kind, mode, mtime, size, target = '' } of walk(root, { rules: [rules] })) {
    const meta = { path, mode, mtime }
    if (kind === 'symlink') yield { ...meta, type: kind, target }
    else if (kind === 'file') yield { ...meta, type: kind, size, content: contentOf(join(root, path), memory) }
    else yield { ...meta, type: kind }
  }
}

/** Pieces of this size are written to the engine as they are, and only then the next is read. */
const PIECE = 65_536

/** Read into one and the same piece of memory, as far as pieces are full: a large context would else pile up what is to be collected. */
async function* contentOf(file: string, memory: Buffer): AsyncGenerator<Uint8Array> {
  for await (const bytes of pieces(file, memory)) yield bytes.length < PIECE ? Buffer.from(bytes) : bytes
}

/** The archive, with what the file system refuses told as the user's to mend. */
async function* archive(entries: AsyncIterable<TarEntry>): AsyncGenerator<Uint8Array> {
  try {
    yield* tar(entries)
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error
    throw userError('unreadable-context', `the build context cannot be read: ${error.message}`)
  }
}

/** Where in the context a file is, with "/" between; undefined where it is outside. */
function insidePath(context: string, file: string): string | undefined {
  const path = relative(context, file)
  return path === '' || path.startsWith('..') || isAbsolute(path) ? undefined : path.split(sep).join('/')
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(absent)
}

function absent(error: unknown): undefined {
  if (isAbsent(error)) return undefined
  throw error
}

function noDockerfile(file: string) {
  return userError('no-dockerfile', `the Dockerfile "${file}" does not exist`, 'name it with "build.dockerfile"')
}
