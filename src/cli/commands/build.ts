import { bakeFile } from '../../actions/images/bake.ts'
import { checkBuilds } from '../../actions/images/check-builds.ts'
import { build } from '../../actions/images/prepare.ts'
import { push } from '../../actions/images/push.ts'
import { parseSize } from '../../base/units.ts'
import type { Build, Mapping, Project } from '../../model/project.ts'
import { UserError, userError } from '../../text/problem.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {
    'build-arg': flag.list('Set a build argument; without a value, from the environment', 'KEY=VALUE'),
    builder: flag.text('Which builder to use: "default", the engine’s own', 'NAME'),
    check: flag.boolean('Check the Dockerfiles, and build nothing'),
    memory: flag.text('Limit the memory of each step; only the classic builder does', 'BYTES', { short: 'm' }),
    'no-cache': flag.boolean('Do not use what was built before'),
    print: flag.boolean('Print a file for "docker buildx bake", and build nothing'),
    provenance: flag.text('Attest how images were built ("true", "mode=max"), where the engine can keep that', 'SPEC'),
    pull: flag.boolean('Ask for newer base images'),
    push: flag.boolean('Push the images once they are built'),
    quiet: flag.boolean('Do not show what building prints', { short: 'q' }),
    sbom: flag.text('Attest what images are made of, where the engine can keep that', 'SPEC'),
    ssh: flag.list('Forward your SSH agent ("default"), or keys by id', 'ID[=PATH]'),
    'with-dependencies': flag.boolean('Also what the services depend on'),
  },
  async run({ flags, operands: services, app }) {
    checkBuilder(flags.builder)
    const memory = flags.memory === undefined ? undefined : bytes(flags.memory)
    if (flags.quiet) app.mute('build')
    if (!flags.print) void app.engine()
    const { project, origin } = await app.load({ services })
    const other = await app.setting('BUILDX_BUILDER')
    if (flags.builder === undefined && other && other !== 'default')
      app.emit({
        type: 'problem',
        problem: {
          code: 'no-effect',
          severity: 'warning',
          message: `BUILDX_BUILDER names the builder "${other}", and images are built by the engine itself`,
        },
      })
    const wanted = withWishes(project, {
      args: argsOf(flags['build-arg'], project),
      ssh: sshOf(flags.ssh),
      given: {
        ...(flags['no-cache'] && { no_cache: true }),
        ...(flags.pull && { pull: true }),
        ...(flags.provenance !== undefined && { provenance: flags.provenance }),
        ...(flags.sbom !== undefined && { sbom: flags.sbom }),
      },
    })
    if (flags.print) {
      const { separator } = await app.loadOptions()
      app.print(
        bakeFile(wanted, {
          services,
          includeDeps: flags['with-dependencies'],
          ...(separator && { separator }),
        }),
      )
      return
    }
    const options = { ...(await app.actions()), origin, services, includeDeps: flags['with-dependencies'] }
    if (flags.check) {
      const problems = await checkBuilds(wanted, { ...options, engine: await app.engine() })
      if (problems.length > 0) throw new UserError(problems.map(problem => ({ ...problem, severity: 'error' })))
      app.print('Check complete, no warnings found.\n')
      return
    }
    await build(wanted, { ...options, ...(memory !== undefined && { memory }) })
    if (flags.push) await push(wanted, { ...options, engine: await app.engine() })
  },
})

interface Wishes {
  readonly args: Mapping
  readonly ssh: Readonly<Record<string, string>>
  readonly given: Build
}

/** The project as if the flags had been written into each service's `build`. */
function withWishes(project: Project, { args, ssh, given }: Wishes): Project {
  const services = Object.entries(project.services).map(([name, service]) => {
    if (!service.build) return [name, service] as const
    const { build } = service
    const merged = { ...build, ...given, args: { ...build.args, ...args }, ssh: { ...build.ssh, ...ssh } }
    return [name, { ...service, build: merged }] as const
  })
  return { ...project, services: Object.fromEntries(services) }
}

function argsOf(texts: readonly string[], project: Project): Mapping {
  return Object.fromEntries(
    texts.map(text => {
      const [key = '', ...value] = text.split('=')
      return [key, text.includes('=') ? value.join('=') : (project.environment[key] ?? null)]
    }),
  )
}

/** "default", "id=path", several with commas between. */
function sshOf(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts
      .flatMap(text => text.split(','))
      .map(text => {
        const at = text.indexOf('=')
        const [id, path] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
        if (id === '' || (path === '' && id !== 'default'))
          throw userError('bad-ssh', `"${text}" names no key`, 'write "default", or "ID=PATH"')
        return [id, path]
      }),
  )
}

function checkBuilder(name: string | undefined): void {
  if (name === undefined || name === '' || name === 'default') return
  throw userError(
    'flag-refused',
    `--builder is not supported for "${name}": images are built by the engine itself, not by builders of buildx`,
    'leave it out, or name the engine with --context',
  )
}

function bytes(text: string): number {
  const size = parseSize(text)
  if (size === undefined || size < 0)
    throw userError(
      'bad-flag-value',
      `invalid argument "${text}" for "-m, --memory" flag`,
      'write a size such as "512m"',
    )
  return size
}
