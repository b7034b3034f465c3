import { untilEnded } from '../../actions/ended.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: 'SERVICE...',
  flags: { 'down-project': flag.boolean('Bring the project down when the first container has ended') },
  async run({ flags, operands: services, app }) {
    void app.engine()
    const { name, loaded } = await app.target()
    let isFirst = true
    return untilEnded(name, {
      engine: await app.engine(),
      services,
      signal: app.signal,
      async ended({ id, code }) {
        app.print(`container "${id}" exited with status code ${code}\n`)
        if (!flags['down-project'] || !isFirst) return
        isFirst = false
        const { down } = await import('../../actions/down.ts')
        await down(name, loaded?.project, { ...(await app.actions()), removeOrphans: true })
      },
    })
  },
})
