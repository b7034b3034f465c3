import { oneOf } from '../../actions/one.ts'
import { wouldDo } from '../../actions/would.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: 'SERVICE [REPOSITORY[:TAG]]',
  flags: {
    author: flag.text('Who made the image', 'NAME', { short: 'a' }),
    change: flag.list('Apply a Dockerfile instruction', 'INSTRUCTION', { short: 'c' }),
    index: flag.number('This container of the service', 'NUM'),
    message: flag.text('What to say of it', 'TEXT', { short: 'm' }),
    pause: flag.given('Pause the container meanwhile (it is, unless =false)', { short: 'p' }),
  },
  async run({ flags, operands: [service = '', reference], app }) {
    void app.engine()
    const { name } = await app.target()
    const engine = await app.engine()
    const { id, name: container } = await oneOf(engine, name, service, flags.index)
    if (app.globals['dry-run'])
      return wouldDo(app.emit, { kind: 'container', name: container, short: container }, 'commit')
    app.stderr.write(` ${container} Committing \n`)
    const image = await engine.commitContainer(id, {
      ...(reference !== undefined && { reference }),
      ...(flags.author !== undefined && { author: flags.author }),
      ...(flags.message !== undefined && { message: flags.message }),
      ...(flags.change.length > 0 && { changes: flags.change }),
      ...(flags.pause !== undefined && { pause: flags.pause }),
    })
    app.stderr.write(` ${container} Committed as ${image} \n`)
  },
})
