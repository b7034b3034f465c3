import { type Usage, usage } from '../../actions/usage.ts'
import { live } from '../../ui/live.ts'
import { size } from '../../ui/words.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[SERVICE]',
  flags: {
    all: flag.boolean('Also containers that do not run', { short: 'a' }),
    format: flag.filled('How to print it: "table", "json" (one object a line), or a Go template', 'FORMAT'),
    'no-stream': flag.boolean('Print it once'),
    'no-trunc': flag.boolean('Show ids whole'),
  },
  async run({ flags, operands: services, app }) {
    void app.engine()
    const { name, loaded } = await app.target()
    const { formatted } = await import('../../ui/template.ts')
    const { format = 'table' } = flags
    const text = (all: readonly Usage[]) => {
      const rows = all.map(one => fields(one, flags['no-trunc']))
      if (format === 'json') return rows.map(row => `${JSON.stringify(row)}\n`).join('')
      return formatted(format === 'table' ? columns : format, rows, heads)
    }
    const follow = !flags['no-stream']
    const drawn = follow && app.stdout.isTTY === true && format === 'table'
    let latest = ''
    const region = drawn
      ? live(
          app.stdout,
          () => latest.trimEnd().split('\n'),
          () => {},
        )
      : undefined
    try {
      await usage(name, loaded?.project, {
        engine: await app.engine(),
        signal: app.signal,
        services,
        all: flags.all,
        follow,
        told(all) {
          latest = text(all)
          if (region) region.changed()
          else app.print(latest)
        },
      })
    } finally {
      region?.close()
    }
  },
})

const columns = ['ID', 'Name', 'CPUPerc', 'MemUsage', 'MemPerc', 'NetIO', 'BlockIO', 'PIDs']
  .map(field => `{{.${field}}}`)
  .join('\t')
  .replace(/^/, 'table ')
const heads = {
  ID: 'CONTAINER ID',
  Name: 'NAME',
  CPUPerc: 'CPU %',
  MemUsage: 'MEM USAGE / LIMIT',
  MemPerc: 'MEM %',
  NetIO: 'NET I/O',
  BlockIO: 'BLOCK I/O',
}

function fields({ id, name, sample }: Usage, full: boolean) {
  const percent = (part: number) => `${(part * 100).toFixed(2)}%`
  return {
    BlockIO: sample ? `${size(sample.read, 3)} / ${size(sample.written, 3)}` : '--',
    CPUPerc: sample ? percent(sample.cpus) : '--',
    Container: id,
    ID: full ? id : id.slice(0, 12),
    MemPerc: sample ? percent(sample.memory_limit > 0 ? sample.memory / sample.memory_limit : 0) : '--',
    MemUsage: sample ? `${binary(sample.memory)} / ${binary(sample.memory_limit)}` : '-- / --',
    Name: name,
    NetIO: sample ? `${size(sample.received, 3)} / ${size(sample.sent, 3)}` : '--',
    PIDs: sample ? String(sample.pids) : '--',
  }
}

/** "23.54GiB", as docker prints memory. */
function binary(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${Number((bytes / 1024 ** power).toPrecision(4))}${units[power]}`
}
