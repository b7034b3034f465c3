import { scale } from '../../actions/lifecycle.ts'
import { command } from '../command.ts'
import { numbers } from '../creating.ts'
import { flag } from '../flag.ts'
import { lockedFlag, withLock } from '../locked.ts'
import { untouched } from '../untouched.ts'

export default command({
  operands: 'SERVICE=NUM...',
  flags: { ...lockedFlag, 'no-deps': flag.boolean('Leave dependencies as they are') },
  async run({ flags, operands, app }) {
    const wanted = numbers(operands, entry =>
      entry.includes('=') && !entry.startsWith('=')
        ? `invalid scale specifier: can't parse replica value as int: ${entry}`
        : `invalid scale specifier: ${entry}`,
    )
    void app.engine()
    const { project, origin } = await withLock(app, flags.locked, await app.load({ services: Object.keys(wanted) }))
    const options = { ...(await app.actions()), origin, noDeps: flags['no-deps'] }
    untouched(await scale(project, wanted, options), app.emit)
  },
})
