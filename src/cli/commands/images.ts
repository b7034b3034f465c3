import { usedImages } from '../../actions/images/used.ts'
import { table } from '../../ui/table.ts'
import { roughly, size } from '../../ui/words.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'
import { listFormat } from '../list-format.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {
    format: listFormat,
    quiet: flag.boolean('Only ids', { short: 'q' }),
  },
  async run({ flags, operands: services, app }) {
    void app.engine()
    const { name, loaded } = await app.target()
    const found = await usedImages(name, loaded?.project, { engine: await app.engine(), services })
    const bare = (id: string) => id.replace(/^sha256:/, '')
    if (flags.quiet) return void app.print([...new Set(found.map(image => `${bare(image.id)}\n`))].join(''))
    if (flags.format === 'json') {
      const rows = found.map(image => ({
        ID: image.id,
        ContainerName: image.container,
        Repository: image.repository,
        Tag: image.tag,
        Platform: image.platform,
        Size: image.size,
        Created: new Date(image.created).toISOString(),
        LastTagTime: new Date(image.tagged).toISOString(),
      }))
      return void app.print(`${JSON.stringify(rows)}\n`)
    }
    const since = (tagged: number) => `${roughly(Date.now() - tagged)} ago`
    if (flags.format !== undefined) {
      const { formatted } = await import('../../ui/template.ts')
      const rows = found.map(image => ({
        ContainerName: image.container,
        Repository: image.repository,
        Tag: image.tag,
        Platform: image.platform,
        ID: bare(image.id).slice(0, 12),
        Size: size(image.size, 3),
        CreatedSince: since(image.tagged),
        Created: new Date(image.created).toISOString(),
        LastTagTime: new Date(image.tagged).toISOString(),
      }))
      return void app.print(
        formatted(flags.format, rows, { ContainerName: 'CONTAINER', ID: 'IMAGE ID', CreatedSince: 'CREATED' }),
      )
    }
    app.print(
      table(
        ['CONTAINER', 'REPOSITORY', 'TAG', 'PLATFORM', 'IMAGE ID', 'SIZE', 'CREATED'],
        found.map(image => [
          image.container,
          image.repository,
          image.tag,
          image.platform,
          bare(image.id).slice(0, 12),
          size(image.size, 3),
          since(image.tagged),
        ]),
        { least: 20 },
      ),
    )
  },
})
