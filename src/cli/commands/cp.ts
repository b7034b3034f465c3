import { once } from 'node:events'
import { copy } from '../../actions/copy/copy.ts'
import { userError } from '../../text/problem.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: 'SRC|SERVICE:SRC|- DEST|SERVICE:DEST|-',
  flags: {
    all: flag.boolean('Also into containers of "run"'),
    archive: flag.boolean('Keep who owns what', { short: 'a' }),
    'follow-link': flag.boolean('Copy what a link leads to', { short: 'L' }),
    index: flag.number('Only this container of the service', 'NUM'),
  },
  async run({ flags, operands: [from = '', to = ''], app }) {
    if (to === '-' && app.stdout.isTTY && !app.globals['dry-run'])
      throw userError(
        'terminal-output',
        'a tar archive is nothing for a terminal',
        'name a file, or send it into a pipe',
      )
    void app.engine()
    const { name } = await app.target()
    await copy(name, from, to, {
      engine: await app.engine(),
      emit: app.emit,
      signal: app.signal,
      cwd: app.cwd,
      stdin: () => app.stdin,
      async stdout(bytes) {
        if (!app.stdout.write(bytes)) await once(app.stdout, 'drain')
      },
      all: flags.all,
      archive: flags.archive,
      followLink: flags['follow-link'],
      ...(flags.index !== undefined && { index: flags.index }),
      dryRun: app.globals['dry-run'],
    })
  },
})
