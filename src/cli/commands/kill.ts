import { kill } from '../../actions/each.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {
    'remove-orphans': flag.given('Also containers of services that the file no longer has'),
    signal: flag.text('The signal to send, instead of SIGKILL', 'SIGNAL', { short: 's' }),
  },
  async run({ flags, operands: services, app }) {
    void app.engine()
    const { name, loaded } = await app.target({ services })
    const { containers } = await kill(name, loaded?.project, {
      ...(await app.actions()),
      services,
      orphans: flags['remove-orphans'] ?? (await app.enabled('COMPOSE_REMOVE_ORPHANS')),
      ...(flags.signal !== undefined && { signalName: flags.signal }),
    })
    if (containers.length === 0) app.stderr.write('No container to kill\n')
  },
})
