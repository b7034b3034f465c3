import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  flags: {
    format: flag.choice('How to print it', ['pretty', 'json'], { short: 'f' }),
    short: flag.boolean('Only the number'),
  },
  async run({ flags, app }) {
    const { product, version } = app.called
    if (flags.short) app.print(`${version}\n`)
    else if (flags.format === 'json') app.print(`{"version":"v${version}"}\n`)
    else app.print(`${product} version v${version}\n`)
  },
})
