import { volumes } from '../../actions/volumes.ts'
import { table } from '../../ui/table.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {
    format: flag.filled('How to print it: "table", "json" (one object a line), or a Go template', 'FORMAT'),
    quiet: flag.boolean('Only names', { short: 'q' }),
  },
  async run({ flags, operands: services, app }) {
    void app.engine()
    const { name, loaded } = await app.target()
    const found = await volumes(name, loaded?.project, { engine: await app.engine(), services })
    if (flags.quiet) return void app.print(found.map(volume => `${volume.name}\n`).join(''))
    // What the engine says of a volume only when it measures it is "N/A", as in docker's own list.
    const rows = found.map(volume => ({
      Availability: 'N/A',
      Driver: volume.driver ?? '',
      Group: 'N/A',
      Labels: Object.entries(volume.labels)
        .map(([key, value]) => `${key}=${value}`)
        .toSorted()
        .join(','),
      Links: 'N/A',
      Mountpoint: volume.mountpoint,
      Name: volume.name,
      Scope: 'local',
      Size: 'N/A',
      Status: 'N/A',
    }))
    const { format = 'table' } = flags
    if (format === 'json') app.print(rows.map(row => `${JSON.stringify(row)}\n`).join(''))
    else if (format === 'table')
      app.print(
        table(
          ['DRIVER', 'VOLUME NAME'],
          rows.map(row => [row.Driver, row.Name]),
        ),
      )
    else {
      const { formatted } = await import('../../ui/template.ts')
      app.print(formatted(format, rows, { Name: 'VOLUME NAME' }))
    }
  },
})
