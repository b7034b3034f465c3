import { resolve } from 'node:path'
import { isTrouble } from '../../actions/event.ts'
import { run } from '../../actions/run.ts'
import type { Mapping, Mount, Port, Project, Service } from '../../model/project.ts'
import { userError } from '../../text/problem.ts'
import type { App } from '../app.ts'
import { command, type Values } from '../command.ts'
import { detachKeys } from '../detach-keys.ts'
import { flag } from '../flag.ts'
import { lockedFlag, withLock } from '../locked.ts'
import { variablesFrom } from '../run-variables.ts'
import { hook } from '../terminal.ts'

const flags = {
  ...lockedFlag,
  build: flag.boolean('Build the image first'),
  'cap-add': flag.list('Give it a capability', 'CAP'),
  'cap-drop': flag.list('Take a capability from it', 'CAP'),
  detach: flag.boolean('Print the id and return', { short: 'd' }),
  entrypoint: flag.text('Run this instead of the image’s entry point', 'COMMAND'),
  env: flag.list('Set a variable; without a value, from the environment', 'KEY=VALUE', { short: 'e' }),
  'env-from-file': flag.list('Set variables from a file of KEY=VALUE lines', 'FILE'),
  interactive: flag.given('Let it read our standard input (it does, unless =false)', { short: 'i' }),
  label: flag.list('Add a label', 'KEY=VALUE', { short: 'l' }),
  name: flag.text('Name the container', 'NAME'),
  'no-TTY': flag.boolean('Old spelling of --no-tty', { hidden: true }),
  'no-deps': flag.boolean('Do not start what it depends on'),
  'no-tty': flag.boolean('Give it no terminal', { short: 'T' }),
  publish: flag.list('Publish a port', '[IP:][HOST:]PORT[/PROTOCOL]', { short: 'p' }),
  pull: flag.choice('When to pull images', ['always', 'missing', 'never', 'build', 'if_not_present', 'policy'], {
    complain: word => `invalid --pull option "${word}"`,
  }),
  quiet: flag.boolean('Tell nothing but errors', { short: 'q' }),
  'quiet-build': flag.boolean('Do not show what building prints'),
  'quiet-pull': flag.boolean('Do not show how far pulling is'),
  'remove-orphans': flag.boolean('Remove containers of services that the file no longer has'),
  rm: flag.boolean('Remove the container when it has ended'),
  'service-ports': flag.boolean('Publish the ports of the service', { short: 'P' }),
  tty: flag.given('Give it a terminal (it has one where we have)', { short: 't', hidden: true }),
  'use-aliases': flag.boolean('Answer to the service’s names on its networks'),
  user: flag.text('Run as this user', 'USER[:GROUP]', { short: 'u' }),
  volume: flag.list('Mount a directory or volume', 'SOURCE:TARGET[:ro]', { short: 'v' }),
  workdir: flag.text('Run in this directory', 'DIR', { short: 'w' }),
}

export default command({
  operands: 'SERVICE [COMMAND] [ARGS...]',
  passthrough: true,
  flags,
  async run({ flags, operands: [service = '', ...line], app }) {
    if (flags['service-ports'] && flags.publish.length > 0)
      throw userError('flags-clash', '--service-ports and --publish are incompatible')
    if (flags.quiet || flags['quiet-pull']) app.mute('pull')
    if (flags.quiet || flags['quiet-build']) app.mute('build')
    void app.engine()
    const { project, origin } = await withLock(app, flags.locked, await app.load({ services: [service] }))
    const declared = project.services[service]
    if (!declared) throw userError('no-such-service', `no such service: ${service}`)
    const terminal = app.stdin.isTTY === true && app.stdout.isTTY === true
    const tty = !flags['no-tty'] && !flags['no-TTY'] && flags.tty !== false && terminal && !flags.detach
    // What is piped in is the command's to read, and no answer to a question of ours.
    const { engine: _, ask, ...options } = await app.actions()
    const engine = await app.engine()
    const dry = app.globals['dry-run']
    const keys = await detachKeys(undefined, app)
    const interactive = flags.interactive !== false && !flags.detach && !dry
    const hooked = hook(app, { tty: tty && !dry, interactive, keys })
    try {
      const { id, code } = await run(project, service, {
        ...options,
        ...(ask && app.stdin.isTTY && { ask }),
        ...(flags.quiet && { emit: event => isTrouble(event) && options.emit(event) }),
        engine,
        origin,
        changes: { ...(await changes(flags, line, declared, app, project.environment)), tty },
        noDeps: flags['no-deps'],
        useAliases: flags['use-aliases'],
        rm: flags.rm,
        detach: flags.detach,
        build: flags.build,
        removeOrphans: flags['remove-orphans'],
        ...(flags.pull !== undefined && { pull: flags.pull }),
        ...(flags.name !== undefined && { name: flags.name }),
        ...(hooked.stdin && { stdin: hooked.stdin }),
        ...(hooked.detachKeys !== undefined && { detachKeys: hooked.detachKeys }),
        ...(hooked.onOutput && { onOutput: hooked.onOutput }),
        letGo: hooked.letGo,
        onStart: container => {
          app.settle()
          hooked.onStart?.(container.resize)
          // Whoever stops us means what runs in the container, if it has not ended meanwhile.
          const take = (signal: NodeJS.Signals) => void engine.killContainer(container.id, signal).catch(() => {})
          if (app.signal.aborted) take('SIGINT')
          app.handOn(take)
          app.signal.addEventListener('abort', () => app.stderr.write(`${container.name} goes on\n`))
        },
      })
      if (flags.detach && id !== undefined) app.print(`${id}\n`)
      return code
    } finally {
      hooked.release()
    }
  },
})

async function changes(
  given: Values<typeof flags>,
  line: readonly string[],
  declared: Service,
  app: App,
  known: Project['environment'],
): Promise<Partial<Service>> {
  const environment: Mapping = {
    ...declared.environment,
    ...(await variablesFrom(given['env-from-file'], app.cwd, known)),
    ...Object.fromEntries(given.env.map(entry => pair(entry, known))),
  }
  return {
    environment,
    // Another entry point does not take the old one's arguments.
    ...((line.length > 0 || given.entrypoint !== undefined) && { command: line }),
    ...(given.entrypoint !== undefined && { entrypoint: given.entrypoint.split(/\s+/).filter(Boolean) }),
    ...(given.user !== undefined && { user: given.user }),
    ...(given.workdir !== undefined && { working_dir: given.workdir }),
    ...(given['cap-add'].length > 0 && { cap_add: [...(declared.cap_add ?? []), ...given['cap-add']] }),
    ...(given['cap-drop'].length > 0 && { cap_drop: [...(declared.cap_drop ?? []), ...given['cap-drop']] }),
    ...(given.label.length > 0 && {
      labels: {
        ...declared.labels,
        ...Object.fromEntries(given.label.map(entry => pair(entry, {}) as [string, string])),
      },
    }),
    ...(given.volume.length > 0 && {
      volumes: [...(declared.volumes ?? []), ...given.volume.map(v => mount(v, app.cwd))],
    }),
    ...(given['service-ports'] && declared.ports && { ports: declared.ports }),
    ...(given.publish.length > 0 && { ports: given.publish.map(port) }),
  }
}

function pair(entry: string, env: Project['environment']): readonly [string, string | null] {
  const [key = '', ...value] = entry.split('=')
  return [key, entry.includes('=') ? value.join('=') : (env[key] ?? null)]
}

function mount(text: string, cwd: string): Mount {
  const [source = '', target, mode = ''] = text.split(':')
  if (!/^(ro|rw)?$/.test(mode) || (target !== undefined && !target.startsWith('/')))
    throw userError('bad-volume', `"${text}" is not a mount`, 'write SOURCE:TARGET or SOURCE:TARGET:ro')
  if (target === undefined) return { type: 'volume', target: source }
  const read_only = mode === 'ro' ? { read_only: true } : {}
  if (!/^[./~]/.test(source)) return { type: 'volume', source, target, ...read_only }
  return { type: 'bind', source: resolve(cwd, source), target, bind: { create_host_path: true }, ...read_only }
}

function port(text: string): Port {
  const [, host_ip, published, target, protocol = 'tcp'] =
    /^(?:(?:([\d.]+|\[[^\]]+\]):)?(\d+(?:-\d+)?)?:)?(\d+)(?:\/(tcp|udp|sctp))?$/.exec(text) ?? []
  if (target === undefined)
    throw userError('bad-port', `"${text}" is not a port`, 'write HOST:CONTAINER, for example "8080:80"')
  return {
    target: Number(target),
    protocol,
    mode: 'ingress',
    ...(published !== undefined && { published }),
    ...(host_ip !== undefined && { host_ip: host_ip.replace(/[[\]]/g, '') }),
  }
}
