import { exec } from '../../actions/exec.ts'
import { command } from '../command.ts'
import { detachKeys } from '../detach-keys.ts'
import { flag } from '../flag.ts'
import { hook } from '../terminal.ts'

export default command({
  operands: 'SERVICE COMMAND [ARGS...]',
  passthrough: true,
  flags: {
    detach: flag.boolean('Start the command and return', { short: 'd' }),
    'detach-keys': flag.text('Let go of the command with these keys: "ctrl-p,ctrl-q" unless configured', 'KEYS', {
      hidden: true,
    }),
    env: flag.list('Set a variable; without a value, from the environment', 'KEY=VALUE', { short: 'e' }),
    index: flag.number('This container of the service', 'NUM'),
    interactive: flag.given('Let it read our standard input (it does, unless =false)', { short: 'i', hidden: true }),
    'no-TTY': flag.boolean('Old spelling of --no-tty', { hidden: true }),
    'no-tty': flag.boolean('Give the command no terminal', { short: 'T' }),
    privileged: flag.boolean('Give the command all privileges'),
    tty: flag.given('Give the command a terminal (it has one where we have)', { short: 't', hidden: true }),
    user: flag.text('Run the command as this user', 'USER[:GROUP]', { short: 'u' }),
    workdir: flag.text('Run the command in this directory', 'DIR', { short: 'w' }),
  },
  async run({ flags, operands: [service = '', ...line], app }) {
    void app.engine()
    const { name } = await app.target()
    const engine = await app.engine()
    const terminal = app.stdin.isTTY === true && app.stdout.isTTY === true
    const tty = !flags['no-tty'] && !flags['no-TTY'] && flags.tty !== false && terminal
    const spec = {
      command: line,
      tty,
      env: flags.env.flatMap(entry => (entry.includes('=') ? [entry] : variable(entry, app.env[entry]))),
      ...(flags.user !== undefined && { user: flags.user }),
      ...(flags.workdir !== undefined && { working_dir: flags.workdir }),
      ...(flags.privileged && { privileged: true }),
    }
    const index = flags.index === undefined ? {} : { index: flags.index }
    if (app.globals['dry-run']) return exec(name, service, spec, { engine, ...index, onlyTell: app.emit })
    if (flags.detach) return exec(name, service, spec, { engine, ...index, detach: true })
    const keys = await detachKeys(flags['detach-keys'], app)
    const hooked = hook(app, { tty, interactive: flags.interactive !== false, keys })
    // Nobody can end what an engine runs in a container but what is in there.
    app.signal.addEventListener('abort', () =>
      app.stderr.write(`interrupted: the command may go on in ${service}, since engines cannot end it\n`),
    )
    try {
      return await exec(name, service, spec, { engine, ...index, ...hooked, signal: app.signal })
    } finally {
      hooked.release()
    }
  },
})

const variable = (name: string, value: string | undefined) => (value === undefined ? [] : [`${name}=${value}`])
