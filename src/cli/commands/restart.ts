import { restart } from '../../actions/lifecycle.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {
    'no-deps': flag.boolean('Do not restart those that depend on them'),
    timeout: flag.seconds('How long a container may take to stop', { short: 't' }),
  },
  async run({ flags, operands: services, app }) {
    void app.engine()
    const { name, loaded } = await app.target({ services })
    await restart(name, loaded?.project, {
      ...(await app.actions()),
      services,
      ...(loaded && { origin: loaded.origin }),
      noDeps: flags['no-deps'],
      ...(flags.timeout !== undefined && { timeout: flags.timeout }),
    })
  },
})
