import { hasChanges, planUp } from '../../actions/plan-up.ts'
import { paint } from '../../ui/paint.ts'
import { planJson, planText } from '../../ui/plan.ts'
import { command } from '../command.ts'
import { createFlags, createOptions } from '../creating.ts'
import { flag } from '../flag.ts'
import { withLock } from '../locked.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {
    ...createFlags,
    'always-recreate-deps': flag.boolean('Replace dependencies as well, even unchanged ones'),
    format: flag.choice('How to print it', ['text', 'json']),
    'no-deps': flag.boolean('Leave dependencies as they are'),
    'no-start': flag.boolean('Create, and start nothing'),
    'renew-anon-volumes': flag.boolean('Give replaced containers fresh anonymous volumes', { short: 'V' }),
  },
  async run({ flags, operands: services, app }) {
    void app.engine()
    const { project, origin } = await withLock(app, flags.locked, await app.load({ services }))
    const stages = await planUp(project, {
      ...(await app.actions()),
      ...(await createOptions(flags, services, app)),
      origin,
      noDeps: flags['no-deps'],
      recreateDeps: flags['always-recreate-deps'],
      noStart: flags['no-start'],
      renewAnonVolumes: flags['renew-anon-volumes'],
      emit: event => {
        if (event.type !== 'plan') app.emit(event)
      },
    })
    if (flags.format === 'json') app.print(`${JSON.stringify(planJson(stages), undefined, 2)}\n`)
    else app.print(planText(stages, paint(app.look.colour.out)) || 'nothing to do\n')
    return hasChanges(stages) ? 2 : 0
  },
})
