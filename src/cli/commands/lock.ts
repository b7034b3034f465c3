import { userError } from '../../text/problem.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'
import { homeOf, lockPlace } from '../locked.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {
    check: flag.boolean('Write nothing, ask no registry: fail where gantry.lock does not fit the files'),
    keep: flag.boolean('Look up only what is not locked yet'),
  },
  async run({ flags, operands: services, app }) {
    const loaded = await app.load({ services, all_profiles: true })
    const place = lockPlace(app, loaded)
    const { checkLock, lock } = await import('../../actions/images/lock.ts')
    if (flags.check) {
      if (flags.keep || services.length > 0) throw userError('flags-clash', '--check takes no --keep and no services')
      return checkLock(loaded.project, place)
    }
    await lock(loaded.project, {
      ...place,
      registry: { env: app.env, home: homeOf(app), signal: app.signal },
      emit: app.emit,
      services,
      keep: flags.keep,
      dryRun: app.globals['dry-run'],
    })
  },
})
