import { stop } from '../../actions/lifecycle.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[SERVICE...]',
  flags: { timeout: flag.seconds('How long a container may take to stop', { short: 't' }) },
  async run({ flags, operands: services, app }) {
    void app.engine()
    const { name, loaded } = await app.target({ services })
    await stop(name, loaded?.project, {
      ...(await app.actions()),
      services,
      ...(flags.timeout !== undefined && { timeout: flags.timeout }),
    })
  },
})
