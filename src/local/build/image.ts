import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { BuildTold, Found, SolveOptions } from '../../engine/build.ts'
import type { Engine } from '../../engine/engine.ts'
import { EngineError } from '../../engine/errors.ts'
import { type Problem, userError } from '../../text/problem.ts'
import type { Span } from '../../text/source.ts'
import { isRemote } from './builder.ts'
import { presentCaches } from './cache.ts'
import { buildContext, checkedContext, checkedDockerfile, type FetchedContext, fetchedContext } from './context.ts'
import { buildFolder, folderOf } from './folder.ts'
import { placeInBlock } from './inline-place.ts'
import { layoutImage } from './oci-layout.ts'
import type { BuildSpec, SecretSource } from './spec.ts'

export interface Building {
  readonly engine: Pick<Engine, 'buildImage' | 'solveImage'>
  readonly signal: AbortSignal
  readonly warn: (problem: Problem) => void
  /** Brings the context here that lies at an address. Only the classic builder needs it. */
  readonly fetchContext: (address: string, cancel: { readonly signal: AbortSignal }) => Promise<FetchedContext>
  /** What the classic builder prints. */
  readonly onOutput?: (text: string) => void
  /** What BuildKit tells. */
  readonly onTold?: (told: BuildTold) => void
}

/** Builds one image. Throws UserError for files that are not there or cannot be read, else EngineError. */
export async function buildImage(
  spec: BuildSpec,
  { engine, signal, warn, fetchContext, onOutput, onTold }: Building,
): Promise<void> {
  if (spec.builder === 'classic') {
    const { platforms = [], memory, cache_from = [], cache_to: _, ...options } = commonOf(spec)
    const references = cache_from.flatMap(({ attributes }) => attributes['ref'] ?? [])
    const { tar, dockerfile } = isRemote(spec.context)
      ? await fetchedContext(spec, await fetchContext(spec.context, { signal }))
      : await buildContext(spec)
    await engine.buildImage(tar, {
      ...options,
      dockerfile,
      signal,
      ...(platforms[0] !== undefined && { platform: platforms[0] }),
      ...(memory !== undefined && { memory }),
      ...(references.length > 0 && { cache_from: references }),
      ...(onOutput && { onOutput }),
    })
    return
  }
  const { memory: _, cache_from = [], cache_to = [], ...options } = commonOf(spec)
  const files = await filesOf(spec)
  const [from, to] = await Promise.all([presentCaches(cache_from, 'src', warn), presentCaches(cache_to, 'dest', warn)])
  try {
    await engine.solveImage({
      ...options,
      ...files,
      ...(from.length > 0 && { cache_from: from }),
      ...(to.length > 0 && { cache_to: to }),
      signal,
      ...(onTold && { onTold: (told: BuildTold) => onTold(shown(spec, told)) }),
    })
  } catch (error) {
    throw shownError(spec, error)
  }
}

/** What the checks of one Dockerfile find. Throws as `buildImage`. */
export async function checkImage(
  spec: BuildSpec,
  engine: { readonly checkBuild: (options: SolveOptions) => Promise<readonly Found[]> },
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const { memory: _, ssh: _1, cache_from: _2, cache_to: _3, ...options } = commonOf(spec)
  try {
    const found = await engine.checkBuild({ ...options, ...(await filesOf(spec)), signal })
    return found.map(one => (one.at ? { ...one, at: shownAt(one.at, spec) } : one))
  } catch (error) {
    throw shownError(spec, error)
  }
}

function commonOf(spec: BuildSpec) {
  const {
    builder: _,
    context: _1,
    dockerfile: _2,
    dockerfile_inline: _3,
    contexts: _4,
    secrets: _5,
    inlineAt: _6,
    ...rest
  } = spec
  return rest
}

/** All that BuildKit may ask for. */
async function filesOf(
  spec: BuildSpec,
): Promise<Pick<SolveOptions, 'context' | 'dockerfile' | 'filename' | 'contexts' | 'secrets'>> {
  const { context, dockerfile, dockerfile_inline, contexts = {}, secrets = {} } = spec
  const remote = isRemote(context)
  if (!remote) await checkedContext(context)
  const named = await Promise.all(
    Object.entries(contexts).map(async ([name, from]) => {
      if (typeof from === 'string' && from.startsWith('oci-layout://')) return [name, layoutImage(from)] as const
      if (typeof from === 'object' || isRemote(from) || from.includes('://')) return [name, from] as const
      await checkedContext(from)
      return [name, buildFolder(from)] as const
    }),
  )
  const text = dockerfile_inline
  if (text === undefined && !remote) await checkedDockerfile(dockerfile)
  return {
    context: remote ? context : buildFolder(context),
    ...(text !== undefined && { dockerfile: folderOf('Dockerfile', text) }),
    ...(text === undefined && !remote && { dockerfile: buildFolder(dirname(dockerfile)) }),
    filename: text !== undefined ? 'Dockerfile' : remote ? dockerfile : basename(dockerfile),
    contexts: Object.fromEntries(named),
    secrets: Object.fromEntries(Object.entries(secrets).map(([id, source]) => [id, () => secretOf(id, source)])),
  }
}

async function secretOf(id: string, source: SecretSource): Promise<Uint8Array> {
  if ('content' in source) return Buffer.from(source.content)
  try {
    return await readFile(source.file)
  } catch (error) {
    throw userError('no-secret', `the secret "${id}" cannot be read: ${(error as Error).message}`)
  }
}

/** The engine knows the Dockerfile by its last name only; whoever reads wants to open it. */
function shownAt(at: Span, { dockerfile, dockerfile_inline, inlineAt, context }: BuildSpec): Span {
  if (dockerfile_inline === undefined) return isRemote(context) ? at : renamed(at, dockerfile)
  return (inlineAt && placeInBlock(at, inlineAt)) ?? renamed(at, 'dockerfile_inline')
}

const renamed = (at: Span, name: string): Span => ({ ...at, source: { ...at.source, name } })

function shownError(spec: BuildSpec, error: unknown): unknown {
  if (!(error instanceof EngineError) || !error.at) return error
  const { reason, message, hint, at, cause } = error
  return new EngineError(reason, message, {
    at: shownAt(at, spec),
    ...(hint !== undefined && { hint }),
    cause,
  })
}

function shown(spec: BuildSpec, told: BuildTold): BuildTold {
  return told.kind === 'warning' && told.at ? { ...told, at: shownAt(told.at, spec) } : told
}
