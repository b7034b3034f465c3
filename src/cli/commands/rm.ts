import { remove } from '../../actions/each.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {
    all: flag.boolean('Says nothing: containers of "run" stay', { short: 'a', hidden: true }),
    force: flag.boolean('Do not ask', { short: 'f' }),
    stop: flag.boolean('Stop those that run first', { short: 's' }),
    volumes: flag.boolean('Also their anonymous volumes', { short: 'v' }),
  },
  async run({ flags, operands: services, app }) {
    void app.engine()
    const { name, loaded } = await app.target({ services })
    const options = await app.actions({ yes: flags.force })
    const { containers } = await remove(name, loaded?.project, {
      ...options,
      services,
      stop: flags.stop,
      volumes: flags.volumes,
      async confirm(names) {
        app.print(`Going to remove ${names.join(', ')}\n`)
        return (await options.ask?.({ id: 'rm', ask: 'Remove them?' })) ?? false
      },
    })
    if (containers.length === 0) app.stderr.write('No stopped containers\n')
  },
})
