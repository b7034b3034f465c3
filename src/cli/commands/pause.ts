import { pause } from '../../actions/each.ts'
import { command } from '../command.ts'

export default command({
  operands: '[SERVICE...]',
  flags: {},
  async run({ operands: services, app }) {
    void app.engine()
    const { name, loaded } = await app.target({ services })
    await pause(name, loaded?.project, { ...(await app.actions()), services })
  },
})
