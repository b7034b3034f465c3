import { userError } from '../../text/problem.ts'
import { table } from '../../ui/table.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[KIND...]',
  flags: {
    format: flag.choice('How to print the list', ['table', 'json']),
    list: flag.boolean('List what can be added'),
    name: flag.text('Call the service so, and its volumes and secrets after it', 'NAME'),
  },
  async run({ flags, operands: kinds, app }) {
    if (flags.list) {
      const { recipes } = await import('../../actions/add/recipe.ts')
      const all = await recipes()
      if (flags.format === 'json') return app.print(`${JSON.stringify(all, undefined, 2)}\n`)
      return app.print(
        table(
          ['NAME', 'SUMMARY'],
          all.map(({ name, summary }) => [name, summary]),
        ),
      )
    }
    if (flags.format !== undefined) throw userError('flags-clash', '--format is for --list')
    if (kinds.length === 0)
      throw userError('no-operand', 'nothing is named to add', '"gantry add --list" lists what there is')
    if (flags.name !== undefined && kinds.length > 1)
      throw userError('flags-clash', '--name is for one service', 'add them one by one')
    const twice = kinds.find((kind, i) => kinds.indexOf(kind) !== i)
    if (twice !== undefined)
      throw userError(
        'name-taken',
        `"${twice}" is named twice`,
        `add the second by another name: gantry add ${twice} --name NAME`,
      )
    const dryRun = app.globals['dry-run']
    const { add } = await import('../../actions/add/add.ts')
    const { diff, uses } = await add(kinds, {
      load: await app.loadOptions(),
      emit: app.emit,
      dryRun,
      ...(flags.name !== undefined && { name: flags.name }),
    })
    if (dryRun) return app.print(diff)
    if (app.look.progress === 'quiet') return
    if (app.look.progress !== 'json') app.stderr.write(`${uses.join('\n')}\n`)
    else app.emit({ type: 'problem', problem: { code: 'add', severity: 'info', message: uses.join('\n') } })
  },
})
