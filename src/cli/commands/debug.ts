import { debug } from '../../actions/debug.ts'
import { command } from '../command.ts'
import { detachKeys } from '../detach-keys.ts'
import { flag } from '../flag.ts'
import { hook } from '../terminal.ts'

export default command({
  operands: 'SERVICE [COMMAND] [ARGS...]',
  passthrough: true,
  flags: {
    image: flag.text('Take the tools of this image', 'IMAGE'),
    index: flag.number('This container of the service', 'NUM'),
  },
  async run({ flags, operands: [service = '', ...line], app }) {
    void app.engine()
    const { name } = await app.target()
    const engine = await app.engine()
    const tty = app.stdin.isTTY === true && app.stdout.isTTY === true
    const hooked = hook(app, { tty, interactive: true, keys: await detachKeys(undefined, app) })
    try {
      return await debug(name, service, {
        engine,
        command: line,
        tty,
        ...(flags.image !== undefined && { image: flags.image }),
        ...(flags.index !== undefined && { index: flags.index }),
        ...hooked,
        signal: app.signal,
        tell: ({ container, image, files, live }) =>
          app.stderr.write(
            live
              ? `tools of ${image} in the network and among the processes of ${container}; its files are in ${files}\n`
              : `tools of ${image}; ${container} does not run: a copy of what it left is in ${files}\n`,
          ),
      })
    } finally {
      hooked.release()
    }
  },
})
