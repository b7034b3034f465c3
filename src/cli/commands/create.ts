import { up } from '../../actions/up.ts'
import { command } from '../command.ts'
import { createFlags, createOptions } from '../creating.ts'
import { withLock } from '../locked.ts'
import { agreed } from '../remote-consent.ts'

export default command({
  operands: '[SERVICE...]',
  flags: createFlags,
  async run({ flags, operands: services, app }) {
    void app.engine()
    const loaded = await agreed(app, await app.load({ services }), flags.yes || flags.y)
    const { project, origin } = await withLock(app, flags.locked, loaded)
    await up(project, {
      ...(await app.actions({ yes: flags.yes || flags.y })),
      ...(await createOptions(flags, services, app)),
      origin,
      noStart: true,
    })
  },
})
