import { createWriteStream, statSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { oneOf } from '../../actions/one.ts'
import { wouldDo } from '../../actions/would.ts'
import { unwritable } from '../../actions/write-file.ts'
import { EngineError } from '../../engine/errors.ts'
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
    const file = flags.output === undefined ? undefined : writable(resolve(app.cwd, flags.output), flags.output)
    void app.engine()
    const { name } = await app.target()
    const engine = await app.engine()
    const { id, name: container } = await oneOf(engine, name, service, flags.index)
    if (app.globals['dry-run'])
      return wouldDo(app.emit, { kind: 'container', name: container, short: container }, 'export')
    app.stderr.write(` ${container} Exporting \n`)
    const archive = await engine.exportContainer(id, { signal: app.signal })
    if (file === undefined) return pipeline(archive, app.stdout, { end: false })
    // Whoever finds the file finds it whole; what is no file (/dev/null, a pipe) must stay what it is.
    const special = statSync(file, { throwIfNoEntry: false })?.isFile() === false
    const unfinished = special ? file : `${file}.${process.pid}`
    try {
      await pipeline(archive, createWriteStream(unfinished, { mode: 0o600 }))
      if (!special) await rename(unfinished, file)
    } catch (error) {
      if (!special) await rm(unfinished, { force: true })
      if (error instanceof EngineError) throw error
      throw unwritable(flags.output!, error)
    }
  },
})

/** Where it is to be, told before a large archive is on its way in vain. */
function writable(file: string, shown: string): string {
  const look = (path: string) => {
    try {
      return statSync(path, { throwIfNoEntry: false })
    } catch (error) {
      throw unwritable(shown, error)
    }
  }
  if (look(file)?.isDirectory())
    throw userError('unwritable-file', `"${shown}" is a directory`, 'name the file in it as well')
  if (!look(dirname(file))?.isDirectory())
    throw userError(
      'unwritable-file',
      `invalid output path: directory "${dirname(shown)}" does not exist`,
      'make it first, or name another file',
    )
  return file
}
