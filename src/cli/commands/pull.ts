import { pull } from '../../actions/images/pull.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'
import { lockedFlag, withLock } from '../locked.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {
    ...lockedFlag,
    'ignore-buildable': flag.boolean('Leave out services that can be built'),
    'ignore-pull-failures': flag.boolean('Go on where an image cannot be pulled'),
    'include-deps': flag.boolean('Also what the services depend on'),
    platform: flag.text('For this platform, instead of each service’s own', 'OS/ARCH[/VARIANT]'),
    policy: flag.choice('Pull everything anew, or only what is missing', ['missing', 'always']),
    quiet: flag.boolean('Do not show how far pulling is', { short: 'q' }),
  },
  async run({ flags, operands: services, app }) {
    if (flags.quiet) app.mute('pull')
    void app.engine()
    const { project, origin } = await withLock(app, flags.locked, await app.load({ services }))
    await pull(project, {
      ...(await app.actions()),
      origin,
      services,
      includeDeps: flags['include-deps'],
      ignoreBuildable: flags['ignore-buildable'],
      ignoreFailures: flags['ignore-pull-failures'],
      ...(flags.policy !== undefined && { policy: flags.policy }),
      ...(flags.platform !== undefined && { platform: flags.platform }),
    })
  },
})
