import { push } from '../../actions/images/push.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {
    'ignore-push-failures': flag.boolean('Go on where an image cannot be pushed'),
    'include-deps': flag.boolean('Also what the services depend on'),
    quiet: flag.boolean('Do not show how far pushing is', { short: 'q' }),
  },
  async run({ flags, operands: services, app }) {
    if (flags.quiet) app.mute('pull')
    void app.engine()
    const { project } = await app.load({ services })
    await push(project, {
      ...(await app.actions()),
      engine: await app.engine(),
      services,
      includeDeps: flags['include-deps'],
      ignoreFailures: flags['ignore-push-failures'],
    })
  },
})
