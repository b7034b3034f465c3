import { projects } from '../../actions/projects.ts'
import { userError } from '../../text/problem.ts'
import { table } from '../../ui/table.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'
import { listFormat } from '../list-format.ts'

export default command({
  flags: {
    all: flag.boolean('Also projects of which nothing runs', { short: 'a' }),
    filter: flag.list('Only those whose name matches: "name=^shop"', 'name=REGEXP'),
    format: listFormat,
    quiet: flag.boolean('Only names', { short: 'q' }),
  },
  async run({ flags, app }) {
    const patterns = flags.filter.map(pattern)
    const all = await projects(await app.engine(), { all: flags.all })
    const found = all
      .filter(project => patterns.every(p => p.test(project.name)))
      .map(({ name, states, files }) => ({
        Name: name,
        Status: Object.entries(states)
          .map(([state, count]) => `${state}(${count})`)
          .join(', '),
        ConfigFiles: files,
      }))
    if (flags.quiet) app.print(found.map(project => `${project.Name}\n`).join(''))
    else if (flags.format === 'json') app.print(`${JSON.stringify(found)}\n`)
    else if (flags.format !== undefined) {
      const { formatted } = await import('../../ui/template.ts')
      app.print(formatted(flags.format, found, {}))
    } else
      app.print(
        table(
          ['NAME', 'STATUS', 'CONFIG FILES'],
          found.map(p => [p.Name, p.Status, p.ConfigFiles]),
          { least: 20 },
        ),
      )
  },
})

function pattern(filter: string): RegExp {
  const [, key, text] = /^([^=]*)=(.*)$/s.exec(filter) ?? []
  if (key !== 'name' || text === undefined)
    throw userError(
      'bad-filter',
      key === undefined
        ? `invalid argument "${filter}" for "--filter" flag: bad format of filter (expected name=value)`
        : `invalid filter '${key}'`,
      'write --filter name=REGEXP',
    )
  try {
    return new RegExp(text)
  } catch {
    throw userError('bad-filter', `"${text}" is not a regular expression`)
  }
}
