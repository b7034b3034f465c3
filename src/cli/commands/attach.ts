import { attach } from '../../actions/attach.ts'
import { oneOf } from '../../actions/one.ts'
import { wouldDo } from '../../actions/would.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'
import { hook } from '../terminal.ts'

export default command({
  operands: 'SERVICE',
  flags: {
    'detach-keys': flag.refused('the engine’s own keys, Ctrl-P Ctrl-Q, let go of a container', 'KEYS'),
    index: flag.number('This container of the service', 'NUM'),
    'no-stdin': flag.boolean('Do not let it read our standard input'),
    'sig-proxy': flag.given('Hand signals on to it (they are, unless =false)'),
  },
  async run({ flags, operands: [service = ''], app }) {
    void app.engine()
    const { name } = await app.target()
    const engine = await app.engine()
    const index = flags.index === undefined ? {} : { index: flags.index }
    const { id, name: container } = await oneOf(engine, name, service, flags.index)
    if (app.globals['dry-run'])
      return wouldDo(app.emit, { kind: 'container', name: container, short: container }, 'attach')
    const { tty } = await engine.inspectContainer(id)
    const hooked = hook(app, tty && app.stdout.isTTY === true, !flags['no-stdin'])
    if (flags['sig-proxy'] !== false)
      app.signal.addEventListener('abort', () => void engine.killContainer(id, 'SIGINT').catch(() => {}))
    try {
      return await attach(name, service, {
        engine,
        ...index,
        signal: app.force(),
        ...(hooked.stdin && { stdin: hooked.stdin }),
        ...(hooked.onOutput && { onOutput: hooked.onOutput }),
        ...(hooked.onStart && { onStart: hooked.onStart }),
      })
    } finally {
      hooked.release()
    }
  },
})
