import { build } from '../../actions/prepare.ts'
import type { Mapping, Project } from '../../model/project.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

const buildkit = 'it needs BuildKit, which comes with the build command’s next form'

export default command({
  operands: '[SERVICE...]',
  flags: {
    'build-arg': flag.list('Set a build argument; without a value, from the environment', 'KEY=VALUE'),
    builder: flag.refused(buildkit, 'NAME'),
    check: flag.refused(buildkit),
    memory: flag.refused('images are built without a limit of memory', 'BYTES', { short: 'm' }),
    'no-cache': flag.boolean('Do not use what was built before'),
    print: flag.refused('there is no bake file: builds go to the engine one by one'),
    provenance: flag.refused(buildkit, 'SPEC'),
    pull: flag.boolean('Ask for newer base images'),
    push: flag.refused('it comes with the push command'),
    quiet: flag.boolean('Do not show what building prints', { short: 'q' }),
    sbom: flag.refused(buildkit, 'SPEC'),
    ssh: flag.refused(buildkit, 'SPEC'),
    'with-dependencies': flag.boolean('Also what the services depend on'),
  },
  async run({ flags, operands: services, app }) {
    if (flags.quiet) app.mute('build')
    void app.engine()
    const { project, origin } = await app.load({ services })
    await build(withWishes(project, flags['build-arg'], flags['no-cache'], flags.pull), {
      ...(await app.actions()),
      origin,
      services,
      includeDeps: flags['with-dependencies'],
    })
  },
})

/** The project as if the flags had been written into each service's `build`. */
function withWishes(project: Project, args: readonly string[], no_cache: boolean, pull: boolean): Project {
  const given: Mapping = Object.fromEntries(
    args.map(arg => {
      const [key = '', ...value] = arg.split('=')
      return [key, arg.includes('=') ? value.join('=') : (project.environment[key] ?? null)]
    }),
  )
  const services = Object.entries(project.services).map(([name, service]) => {
    if (!service.build) return [name, service] as const
    const { build } = service
    const wishes = { args: { ...build.args, ...given }, ...(no_cache && { no_cache }), ...(pull && { pull }) }
    return [name, { ...service, build: { ...build, ...wishes } }] as const
  })
  return { ...project, services: Object.fromEntries(services) }
}
