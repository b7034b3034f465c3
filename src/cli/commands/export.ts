import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { oneOf } from '../../actions/one.ts'
import { wouldDo } from '../../actions/would.ts'
import { userError } from '../../text/problem.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: 'SERVICE',
  flags: {
    index: flag.number('This container of the service', 'NUM'),
    output: flag.text('Write to this file', 'FILE', { short: 'o' }),
  },
  async run({ flags, operands: [service = ''], app }) {
    if (flags.output === undefined && app.stdout.isTTY)
      throw userError(
        'terminal-output',
        'a tar archive is nothing for a terminal',
        'name a file with -o, or send it into a pipe',
      )
    void app.engine()
    const { name } = await app.target()
    const engine = await app.engine()
    const { id, name: container } = await oneOf(engine, name, service, flags.index)
    if (app.globals['dry-run'])
      return wouldDo(app.emit, { kind: 'container', name: container, short: container }, 'export')
    app.stderr.write(` ${container} Exporting \n`)
    const archive = await engine.exportContainer(id, { signal: app.signal })
    if (flags.output === undefined) return pipeline(archive, app.stdout, { end: false })
    // Whoever finds the file finds it whole.
    const file = resolve(app.cwd, flags.output)
    const unfinished = `${file}.${process.pid}`
    await pipeline(archive, createWriteStream(unfinished, { mode: 0o600 }))
    await rename(unfinished, file)
  },
})
