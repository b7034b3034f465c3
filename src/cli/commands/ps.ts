import { status } from '../../actions/status.ts'
import { userError } from '../../text/problem.ts'
import { containerColumns, containerFields, spokenStatus } from '../../ui/containers.ts'
import { table } from '../../ui/table.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

const allStates = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']

export default command({
  operands: '[SERVICE...]',
  flags: {
    all: flag.boolean('Also those that do not run, and those of "run"', { short: 'a' }),
    filter: flag.list('Only those in a state: "status=exited"', 'status=STATE'),
    format: flag.filled('How to print it: "table", "json" (one object a line), or a Go template', 'FORMAT'),
    'no-trunc': flag.boolean('Show commands and ids whole'),
    orphans: flag.given('Also those of services that the file no longer has (they are shown unless =false)'),
    quiet: flag.boolean('Only ids', { short: 'q' }),
    services: flag.boolean('Only names of services'),
    status: { ...flag.list('Only those in this state', 'STATE'), words: allStates },
  },
  async run({ flags, operands: services, app }) {
    const states = [...flags.status, ...flags.filter.map(stateOf)]
    void app.engine()
    const { name, loaded } = await app.target()
    const found = await status(name, loaded?.project, {
      engine: await app.engine(),
      services,
      states,
      all: flags.all,
      declaredOnly: flags.orphans === false,
    })
    if (flags.quiet) return void app.print(found.map(c => `${c.id}\n`).join(''))
    if (flags.services) {
      const names = [...new Set(found.map(c => c.service))]
      return void app.print(names.map(service => `${service}\n`).join(''))
    }
    const rows = found.map(c => containerFields(c, { full: flags['no-trunc'] }))
    const { format = 'table' } = flags
    const told = (field: string, text: string) => (field === 'Status' && app.stdout.isTTY ? spokenStatus(text) : text)
    if (format === 'json') app.print(rows.map(row => `${JSON.stringify(row)}\n`).join(''))
    else if (format === 'table' || format === 'pretty')
      app.print(
        table(
          containerColumns.map(([head]) => head),
          rows.map(row => containerColumns.map(([, field]) => told(field, String(row[field])))),
        ),
      )
    else {
      const { formatted } = await import('../../ui/template.ts')
      const heads = Object.fromEntries(containerColumns.map(([head, field]) => [field, head]))
      app.print(formatted(format, rows, { ID: 'CONTAINER ID', ...heads }))
    }
  },
})

function stateOf(filter: string): string {
  const [key, state] = filter.split('=', 2)
  if (key === 'status' && state !== undefined) return state
  const what =
    state === undefined
      ? 'arguments to --filter should be in form KEY=VAL'
      : key === 'source'
        ? 'filter "source" is not supported'
        : `unknown filter ${key}`
  throw userError('bad-filter', what, 'write --filter status=running')
}
