import { processes } from '../../actions/processes.ts'
import { table } from '../../ui/table.ts'
import { command } from '../command.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {},
  async run({ operands: services, app }) {
    void app.engine()
    const { name, loaded } = await app.target()
    const found = await processes(name, loaded?.project, { engine: await app.engine(), services })
    if (found.length === 0) return
    // Engines and images differ in what their `ps` tells; the command comes last everywhere.
    const titles = [...new Set(found.flatMap(({ fields }) => Object.keys(fields)))].filter(title => title !== 'CMD')
    const columns = [...titles, 'CMD']
    const rows = found.map(({ service, number, fields }) => [
      service,
      // Those of `run` have none.
      number > 0 ? String(number) : '',
      ...columns.map(column => fields[column] ?? '-'),
    ])
    app.print(table(['SERVICE', '#', ...columns], rows, { least: 4, padding: 2 }))
  },
})
