import type { UpOptions } from '../../actions/up.ts'
import type { Project } from '../../model/project.ts'
import { userError } from '../../text/problem.ts'
import type { App } from '../app.ts'
import { watchingBeside } from '../beside.ts'
import { command, type Values } from '../command.ts'
import { createFlags, createOptions } from '../creating.ts'
import { flag } from '../flag.ts'
import { withLock } from '../locked.ts'
import { menu } from '../menu.ts'
import { agreed } from '../remote-consent.ts'
import { untouched } from '../untouched.ts'

const flags = {
  ...createFlags,
  'abort-on-container-exit': flag.boolean('Stop everything as soon as one container ends'),
  'abort-on-container-failure': flag.boolean('Stop everything as soon as one container fails'),
  'always-recreate-deps': flag.boolean('Replace dependencies as well, even unchanged ones'),
  attach: flag.list('Show only the output of this service', 'SERVICE'),
  'attach-dependencies': flag.boolean('Show the output of dependencies as well'),
  detach: flag.boolean('Return once everything has started', { short: 'd' }),
  'exit-code-from': flag.text('Stop everything when this service ends, and end with its exit code', 'SERVICE'),
  menu: flag.given(
    'Have keys that stop, restart and detach, on a terminal (there are, unless =false or COMPOSE_MENU=false)',
  ),
  'no-attach': flag.list('Do not show the output of this service', 'SERVICE'),
  'no-color': flag.boolean('Do not colour the names before lines'),
  'no-deps': flag.boolean('Leave dependencies as they are'),
  'no-log-prefix': flag.boolean('Do not name the container before each line'),
  'no-start': flag.boolean('Create, and start nothing'),
  'renew-anon-volumes': flag.boolean('Give replaced containers fresh anonymous volumes', { short: 'V' }),
  timeout: flag.seconds('How long a container may take to stop', { short: 't' }),
  timestamps: flag.boolean('Show when each line was printed'),
  wait: flag.boolean('Return once everything runs and is healthy; implies --detach'),
  'wait-timeout': flag.seconds('How long to wait with --wait; 0 is for ever'),
  watch: flag.boolean('Keep containers in step with the files being edited', { short: 'w' }),
}

export default command({
  operands: '[SERVICE...]',
  flags,
  async run({ flags, operands: services, app }) {
    check(flags)
    app.logs({
      names: !flags['no-log-prefix'],
      colour: !flags['no-color'],
      timestamps: flags.timestamps,
      apart: true,
      announce: true,
    })
    void app.engine()
    const loaded = await agreed(app, await app.load({ services }), flags.yes || flags.y)
    const { begunObserving } = await import('../../actions/observe-project.ts')
    const seen = await begunObserving(app.engine(), loaded.project)
    const { beforeUp } = await import('../../actions/before-up.ts')
    for (const problem of beforeUp(loaded, app.cwd)) app.emit({ type: 'problem', problem })
    const { project, origin } = await withLock(app, flags.locked, loaded)
    const detached = flags.detach || flags.wait || flags['no-start'] || app.globals['dry-run']
    const options: UpOptions = {
      ...(await app.actions({ yes: flags.yes || flags.y })),
      ...(await createOptions(flags, services, app)),
      origin,
      seen: seen.observed,
      noDeps: flags['no-deps'],
      recreateDeps: flags['always-recreate-deps'],
      noStart: flags['no-start'],
      wait: flags.wait,
      renewAnonVolumes: flags['renew-anon-volumes'],
      ...(flags['wait-timeout'] && { waitTimeout: flags['wait-timeout'] }),
      ...(flags.timeout !== undefined && { timeout: flags.timeout }),
    }
    if (detached) {
      const { up } = await import('../../actions/up.ts')
      untouched(await up(project, options), app.emit)
      return 0
    }
    const { upAttached } = await import('../../actions/output/follow.ts')
    const engine = await app.engine()
    const keys = await hasMenu(flags.menu, app)
    const watching = (await watched(project, services, flags.watch))
      ? watchingBeside(app, { ...loaded, project, origin }, { ...options, engine, services })
      : undefined
    let end = () => {}
    const code = upAttached(project, {
      ...options,
      listens: (id, signal) => engine.listens(id, signal),
      control: hands => {
        if (flags.watch) void watching?.toggle()
        if (keys) end = menu(app, { hands, ...(watching && { watching }) })
      },
      force: app.force(),
      ready: app.ready,
      attach: flags.attach,
      noAttach: flags['no-attach'],
      attachDependencies: flags['attach-dependencies'],
      timestamps: flags.timestamps,
      ...(flags['exit-code-from'] !== undefined && { exitCodeFrom: flags['exit-code-from'] }),
      ...(abort(flags) && { abortOn: abort(flags)! }),
    })
    return code.finally(() => {
      watching?.end()
      end()
    })
  },
})

/** Whether there is something to watch. Throws UserError where that was asked for and there is nothing. */
async function watched(project: Project, services: readonly string[], asked: boolean): Promise<boolean> {
  const { nothingToWatch, isWatched } = await import('../../actions/watch/rules.ts')
  const there = isWatched(project, services)
  if (asked && !there) throw nothingToWatch()
  return there
}

/** On a terminal that can be drawn on, unless the flag or COMPOSE_MENU says no. */
async function hasMenu(asked: boolean | undefined, app: App): Promise<boolean> {
  const possible = app.stdin.isTTY === true && app.stdout.isTTY === true && app.look.progress === 'tty'
  if (asked && !possible)
    app.emit({
      type: 'problem',
      problem: { code: 'no-menu', severity: 'warning', message: 'there is no terminal that a menu could be on' },
    })
  if (!possible || asked === false) return false
  return asked === true || (await app.setting('COMPOSE_MENU')) === undefined || app.enabled('COMPOSE_MENU')
}

/** `--exit-code-from` stops everything at the first exit, unless only failures were asked for. */
function abort(flags: Given): 'exit' | 'failure' | undefined {
  if (flags['abort-on-container-failure']) return 'failure'
  return flags['abort-on-container-exit'] || flags['exit-code-from'] !== undefined ? 'exit' : undefined
}

type Given = Values<typeof flags>

function check(flags: Given): void {
  const attached =
    abort(flags) === 'exit' ||
    flags['abort-on-container-exit'] ||
    flags.attach.length > 0 ||
    flags['attach-dependencies']
  if (flags['abort-on-container-exit'] && flags['abort-on-container-failure'])
    throw clash('--abort-on-container-failure cannot be combined with --abort-on-container-exit')
  if (flags.wait && attached)
    throw clash('--wait cannot be combined with --abort-on-container-exit, --attach or --attach-dependencies')
  if ((flags.detach || flags.wait) && (attached || abort(flags) || flags.watch))
    throw clash(
      '--detach cannot be combined with --abort-on-container-exit, --abort-on-container-failure, --attach, --attach-dependencies or --watch',
    )
  if (flags.attach.length > 0 && flags['attach-dependencies'])
    throw clash('cannot combine --attach and --attach-dependencies')
  if (flags['no-recreate'] && flags['always-recreate-deps'])
    throw clash('--always-recreate-deps and --no-recreate are incompatible')
  if (flags['no-recreate'] && flags['renew-anon-volumes'])
    throw clash('--no-recreate and --renew-anon-volumes are incompatible')
  if ((flags['wait-timeout'] ?? 0) < 0) throw clash('--wait-timeout must be a non-negative integer')
}

const clash = (message: string) => userError('flags-clash', message)
