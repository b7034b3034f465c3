import { events } from '../../actions/events.ts'
import { clean } from '../../ui/clean.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {
    json: flag.boolean('One JSON object a line'),
    since: flag.text('Also what has happened since: a time, or a duration back ("42m")', 'TIME'),
    until: flag.text('End then: a time, or a duration back ("42m")', 'TIME'),
  },
  async run({ flags, operands: services, app }) {
    void app.engine()
    const { name, loaded } = await app.target()
    const happened = events(name, loaded?.project, {
      engine: await app.engine(),
      signal: app.signal,
      services,
      ...(flags.since !== undefined && { since: flags.since }),
      ...(flags.until !== undefined && { until: flags.until }),
    })
    for await (const { time, service, id, action, attributes } of happened) {
      if (flags.json) {
        const told = { time: new Date(time).toISOString(), type: 'container', service, id, action, attributes }
        app.print(`${JSON.stringify(told)}\n`)
      } else {
        const about = Object.entries(attributes).map(([key, value]) => `${key}=${value}`)
        app.print(`${local(time)} container ${clean(`${action} ${id} (${about.join(', ')})`)}\n`)
      }
    }
  },
})

/** `2026-11-21 10:00:00.123000`, local. */
function local(time: number): string {
  const date = new Date(time)
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const micro = String(Math.floor((time % 1000) * 1000)).padStart(6, '0')
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${micro}`
}
