import { up } from '../../actions/up.ts'
import { command } from '../command.ts'
import { createFlags, createOptions } from '../creating.ts'
import { withLock } from '../locked.ts'

export default command({
  operands: '[SERVICE...]',
  flags: createFlags,
  async run({ flags, operands: services, app }) {
    void app.engine()
    const { project, origin } = await withLock(app, flags.locked, await app.load({ services }))
    await up(project, {
      ...(await app.actions({ yes: flags.yes || flags.y })),
      ...(await createOptions(flags, services, app)),
      origin,
      noStart: true,
    })
  },
})
