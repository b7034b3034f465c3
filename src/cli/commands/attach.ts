import { oneOf } from '../../actions/one.ts'
import { attach } from '../../actions/output/attach.ts'
import { wouldDo } from '../../actions/would.ts'
import { command } from '../command.ts'
import { detachKeys } from '../detach-keys.ts'
import { flag } from '../flag.ts'
import { hook } from '../terminal.ts'

export default command({
  operands: 'SERVICE',
  flags: {
    'detach-keys': flag.text('Let go of the container with these keys: "ctrl-p,ctrl-q" unless configured', 'KEYS'),
    index: flag.number('This container of the service', 'NUM'),
    'no-stdin': flag.boolean('Do not let it read our standard input'),
    'sig-proxy': flag.given('Hand signals on to it (they are, unless =false)'),
  },
  async run({ flags, operands: [service = ''], app }) {
    void app.engine()
    const keys = await detachKeys(flags['detach-keys'], app)
    const { name } = await app.target()
    const engine = await app.engine()
    const found = await oneOf(engine, name, service, flags.index)
    const { id, name: container } = found
    if (app.globals['dry-run'])
      return wouldDo(app.emit, { kind: 'container', name: container, short: container }, 'attach')
    const tty = (await engine.inspectContainer(id)).tty && app.stdout.isTTY === true
    const hooked = hook(app, { tty, interactive: !flags['no-stdin'], keys })
    // A terminal sends what is typed as keys; what else comes means us.
    if (flags['sig-proxy'] !== false && !tty) {
      app.handOn(signal => void engine.killContainer(id, signal).catch(() => {}))
      app.signal.addEventListener('abort', () => app.stderr.write(`${container} goes on\n`))
    }
    try {
      return await attach(found, {
        engine,
        signal: app.signal,
        letGo: hooked.letGo,
        ...(hooked.stdin && { stdin: hooked.stdin }),
        ...(hooked.detachKeys !== undefined && { detachKeys: hooked.detachKeys }),
        ...(hooked.onOutput && { onOutput: hooked.onOutput }),
        onStart(resize) {
          // A program that is there already draws itself again only for another size.
          const { rows, columns } = app.stdout
          if (tty)
            void resize({ rows: rows + 1, columns }).then(
              () => hooked.onStart?.(resize),
              () => {},
            )
        },
      })
    } finally {
      hooked.release()
    }
  },
})
