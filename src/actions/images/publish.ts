import type { LiveEngine } from '../../engine/live.ts'
import { type Leak, leaksIn } from '../../load/check/leaks.ts'
import { bundle, type Travelling } from '../../load/remote/bundle.ts'
import { foreignImages } from '../../local/images/pinned.ts'
import { imageUnit } from '../../local/units.ts'
import { CONTRACT_VERSION } from '../../model/names.ts'
import type { Project } from '../../model/project.ts'
import type { RegistryOptions } from '../../registry/http.ts'
import type { Origin } from '../../text/origin.ts'
import { type Problem, UserError } from '../../text/problem.ts'
import { imagesText } from '../config/config.ts'
import type { ActionOptions } from '../options.ts'
import { wouldDo } from '../would.ts'
import { resolved } from './digests.ts'
import { push } from './push.ts'

export interface PublishOptions extends Pick<ActionOptions, 'emit' | 'signal' | 'ask' | 'dryRun'> {
  /** An engine, where an image is to be pushed. */
  readonly actions: () => Promise<ActionOptions & { readonly engine: LiveEngine }>
  readonly cwd: string
  readonly origin: Origin
  readonly registry: RegistryOptions
  /** Env files go along, and variables that look secret are nothing to ask about. */
  readonly withEnv?: boolean
  /** The images as they are now, whatever becomes of their tags. */
  readonly digests?: boolean
  readonly ociVersion?: '1.0' | '1.1'
  /** Copy the images into the same repository as well; implies `digests`. */
  readonly app?: boolean
}

/**
 * Puts a project's compose files into a registry, and before that the images that its services build. What should perhaps not leave
 * this machine is told, and must be agreed to. Throws UserError for what cannot be published, and where a registry refuses. Gives
 * the artifact's digest; undefined where it was not agreed to, and under `dryRun`.
 */
export async function publish(
  project: Project,
  reference: string,
  options: PublishOptions,
): Promise<{ readonly digest?: string; readonly agreed: boolean }> {
  const { emit, signal, dryRun = false, registry, ask } = options
  const { parseReference } = await import('../../registry/reference.ts')
  parseReference(reference)
  const files = filesOf(project, options)
  const { remarks, warnings } = remarksOn(project, files, options)
  for (const problem of [...warnings, ...remarks]) emit({ type: 'problem', problem })
  const unit = { kind: 'artifact', name: reference, short: reference }
  if (dryRun) {
    wouldDo(emit, unit, 'publish')
    return { agreed: true }
  }
  const question = { id: 'publish', ask: `Publish it all the same to ${reference}, for all who may read there?` }
  if (remarks.length > 0 && !(await ask?.(question))) return { agreed: false }

  if (Object.values(project.services).some(service => service.build)) await push(project, await options.actions())
  signal.throwIfAborted()
  const step = { type: 'step', id: 0, unit, op: 'publish' } as const
  emit({ ...step, state: 'started' })
  const copying = (image: string, state: 'started' | 'done') =>
    emit({ type: 'step', id: 0, unit: imageUnit(image), op: 'copy', state })
  try {
    const pinned = options.digests || options.app ? await digested(project, options) : undefined
    const layers = [...files, ...(pinned ? [pinning(pinned)] : [])]
    const { publishArtifact } = await import('../../registry/publish.ts')
    const digest = await publishArtifact(reference, layers, {
      ...registry,
      version: CONTRACT_VERSION,
      created: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      ...(options.ociVersion && { ociVersion: options.ociVersion }),
      ...(options.app && pinned && { images: foreignImages(pinned).map(({ image }) => image), copying }),
    })
    emit({ ...step, state: 'done' })
    return { digest, agreed: true }
  } catch (error) {
    emit({ ...step, state: 'failed', message: (error as Error).message })
    throw error
  }
}

function filesOf(project: Project, options: PublishOptions): readonly Travelling[] {
  const problems: Problem[] = []
  if (project.files.includes('-'))
    problems.push({
      code: 'piped-project',
      severity: 'error',
      message: 'a compose file that comes through a pipe cannot be published',
      hint: 'write it into a file',
    })
  for (const [name, { image, build }] of Object.entries(project.services))
    if (build && image === undefined) {
      const at = options.origin.at(['services', name, 'build'])
      problems.push({
        code: 'build-only',
        severity: 'error',
        message: `service "${name}" is only built here, so that nobody else could run it`,
        hint: 'name its image: it is pushed, and whoever runs the project pulls it',
        ...(at && { at }),
      })
    }
  const report = (problem: Problem) => void problems.push(problem)
  const here = { files: project.files.filter(file => file !== '-'), directory: project.working_dir, cwd: options.cwd }
  const files = bundle({ ...here, environment: project.environment, report })
  if (options.withEnv !== true)
    for (const { source } of files.filter(file => file.kind === 'env'))
      problems.push({
        code: 'env-file-not-published',
        severity: 'error',
        message: `env file "${source.name}" would be missing where the project is run`,
        hint: 'publish it as well with --with-env, or write the variables into the compose file',
      })
  if (problems.length > 0) throw new UserError(problems)
  return files
}

/** What must be agreed to, and what is only told. */
function remarksOn(
  project: Project,
  files: readonly Travelling[],
  { origin, withEnv = false }: PublishOptions,
): { readonly remarks: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const warning = (code: string, message: string, hint: string, path?: readonly string[]): Problem => {
    const at = path && origin.at(path)
    return { code, severity: 'warning', message, hint, ...(at && { at }) }
  }
  const leaks = leaksIn(files).filter(({ kind }) => kind !== 'environment' || !withEnv)
  const mounts = Object.entries(project.services).flatMap(([name, { volumes = [] }]) =>
    volumes.flatMap(({ type, source = '', target = '' }) =>
      type === 'bind'
        ? [
            warning(
              'publishes-bind',
              `service "${name}" mounts "${source}" of this machine at "${target}"`,
              'whoever runs it mounts their own, a relative one in a cache; named volumes travel better',
              ['services', name, 'volumes'],
            ),
          ]
        : [],
    ),
  )
  const absent = (['configs', 'secrets'] as const).flatMap(section =>
    Object.entries(project[section]).flatMap(([name, { file }]) =>
      file === undefined
        ? []
        : [
            warning(
              'file-not-published',
              `${section.slice(0, -1)} "${name}" is read from "${file}", which is not published`,
              'whoever runs it must say where theirs is, in a file laid over this one',
              [section, name, 'file'],
            ),
          ],
    ),
  )
  return { remarks: [...mounts, ...leaks.map(remark)], warnings: absent }
}

function remark({ kind, what, at }: Leak): Problem {
  const words = {
    secret: [`this looks like ${what}`, 'take it out, or name a variable'],
    environment: [
      `variable "${what}" has a value that would be published`,
      `write \${${what}} and leave the value here`,
    ],
    content: [`config "${what}" has its content in the file`, 'check that nothing in it is secret'],
  } as const
  const [message, hint] = words[kind]
  return { code: `publishes-${kind}`, severity: 'warning', message, hint, at }
}

function digested(project: Project, { registry, origin, emit }: PublishOptions): Promise<Project> {
  return resolved(project, { registry, origin, report: problem => emit({ type: 'problem', problem }) })
}

/** The digests of the images, as a file laid over the others. */
const pinning = (project: Project) =>
  ({ name: 'image-digests.yaml', kind: 'compose', text: imagesText(project, 'yaml') }) as const
