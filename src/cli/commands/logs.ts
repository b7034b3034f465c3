import { logs } from '../../actions/output/logs.ts'
import { userError } from '../../text/problem.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {
    follow: flag.boolean('Go on showing what comes', { short: 'f' }),
    index: flag.number('Only this container of the service', 'NUM'),
    json: flag.boolean('Print an object a line: container, service, stream, time, line'),
    'no-color': flag.boolean('Do not colour the names before lines'),
    'no-log-prefix': flag.boolean('Do not name the container before each line'),
    since: flag.text('From then on: a time, or a duration back ("42m")', 'TIME'),
    tail: flag.text('Only this many lines at the end, of each container', 'N|all', { short: 'n' }),
    timestamps: flag.boolean('Show when each line was printed', { short: 't' }),
    until: flag.text('Up to then: a time, or a duration back ("42m")', 'TIME'),
  },
  async run({ flags, operands: services, app }) {
    if (flags.index !== undefined && services.length !== 1)
      throw userError('flags-clash', '--index requires one service to be selected', 'name the service')
    app.logs({
      names: !flags['no-log-prefix'],
      colour: !flags['no-color'],
      timestamps: flags.timestamps,
      json: flags.json,
    })
    void app.engine()
    const { name, loaded } = await app.target()
    const tail = flags.tail === undefined ? undefined : lines(flags.tail)
    await logs(name, loaded?.project, {
      engine: await app.engine(),
      emit: app.emit,
      signal: app.signal,
      ready: app.ready,
      services,
      follow: flags.follow,
      timestamps: flags.timestamps || flags.json,
      ...(flags.index !== undefined && { index: flags.index }),
      ...(tail !== undefined && { tail }),
      ...(flags.since !== undefined && { since: flags.since }),
      ...(flags.until !== undefined && { until: flags.until }),
    })
  },
})

/** Less than none is all: as the engine takes it. */
function lines(text: string): number | undefined {
  if (/^-\d{1,12}$/.test(text) || text === 'all') return undefined
  if (/^\d{1,12}$/.test(text)) return Number(text)
  throw userError('bad-flag-value', `invalid value for --tail: "${text}"`, 'it takes a number of lines, or "all"')
}
