import { start } from '../../actions/lifecycle.ts'
import { userError } from '../../text/problem.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {
    wait: flag.boolean('Return once everything runs and is healthy'),
    'wait-timeout': flag.seconds('How long to wait with --wait; 0 is for ever'),
  },
  async run({ flags, operands: services, app }) {
    if ((flags['wait-timeout'] ?? 0) < 0)
      throw userError('flags-clash', '--wait-timeout must be a non-negative integer')
    void app.engine()
    const { name, loaded } = await app.target({ services, without: new Set() })
    await start(name, loaded?.project, {
      ...(await app.actions()),
      services,
      ...(loaded && { origin: loaded.origin }),
      wait: flags.wait,
      ...(flags['wait-timeout'] && { waitTimeout: flags['wait-timeout'] }),
    })
  },
})
