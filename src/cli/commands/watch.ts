import type { WatchOptions } from '../../actions/watch/watch.ts'
import type { Project } from '../../model/project.ts'
import type { App } from '../app.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {
    apply: flag.boolean('Bring up what a change of the compose file asks for, instead of showing the plan'),
    'no-up': flag.boolean('Do not bring services up before watching'),
    prune: flag.given('Remove images that a rebuild has left without a name; --prune=false keeps them'),
    quiet: flag.boolean('Hide what building prints'),
    verify: flag.boolean('Compare the watched files with what the containers have, and end'),
  },
  async run({ flags, operands: services, app }) {
    void app.engine()
    const loaded = await app.load({ services })
    if (flags.verify) return verified(services, app, loaded.project)
    if (flags.quiet) app.mute('build')
    const { watch } = await import('../../actions/watch/watch.ts')
    const { watching } = await import('../../actions/watch/lock.ts')
    const held = await watching(loaded.project, app.env)
    try {
      const options: WatchOptions = {
        ...(await app.actions()),
        engine: await app.engine(),
        services,
        prune: flags.prune ?? true,
        apply: flags.apply,
        reload: () => app.load({ services }),
      }
      if (app.globals['dry-run']) return
      if (!flags['no-up']) {
        const { up } = await import('../../actions/up.ts')
        await up(loaded.project, { ...options, origin: loaded.origin, services, build: true })
      }
      await watch(loaded, options)
      return 130
    } finally {
      await held.release()
    }
  },
})

/** How what the containers have compares with the host: 2 where it differs. */
async function verified(services: readonly string[], app: App, project: Project): Promise<number> {
  const { verify } = await import('../../actions/watch/verify.ts')
  const { verifiedText } = await import('../../ui/watching.ts')
  const results = await verify(project, { engine: await app.engine(), services })
  app.print(results.map(verifiedText).join(''))
  return results.some(({ differing, missing }) => differing.length + missing.length > 0) ? 2 : 0
}
