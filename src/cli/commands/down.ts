import { down } from '../../actions/down.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {
    'remove-orphans': flag.given('Also containers of services that the file no longer has, and of "run"'),
    rmi: flag.choice(
      'Also remove images: "local" those without a name of their own, "all" every one',
      ['local', 'all'],
      {
        complain: word => `invalid value for --rmi: "${word}"`,
      },
    ),
    timeout: flag.seconds('How long a container may take to stop', { short: 't' }),
    volume: flag.boolean('Old spelling of --volumes', { hidden: true }),
    volumes: flag.boolean('Also remove named volumes with their data, and anonymous ones', { short: 'v' }),
  },
  async run({ flags, operands: services, app }) {
    void app.engine()
    const { name, loaded } = await app.target({ services })
    await down(name, loaded?.project, {
      ...(await app.actions()),
      services,
      volumes: flags.volumes || flags.volume,
      removeOrphans: flags['remove-orphans'] ?? (await app.enabled('COMPOSE_REMOVE_ORPHANS')),
      ...(flags.rmi !== undefined && { rmi: flags.rmi }),
      ...(flags.timeout !== undefined && { timeout: flags.timeout }),
    })
  },
})
