import { graph } from '../../actions/graph.ts'
import { userError } from '../../text/problem.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  flags: {
    image: flag.boolean('With the image of each service'),
    'indentation-size': flag.number('How many characters a level is indented by', 'NUM'),
    networks: flag.boolean('With the networks of each service'),
    ports: flag.boolean('With the ports of each service'),
    spaces: flag.boolean('Indent by spaces instead of tabs'),
  },
  async run({ flags, app }) {
    const { 'indentation-size': size = 1, image, networks, ports } = flags
    if (size < 0 || size > 100) throw userError('bad-flag-value', `invalid value for --indentation-size: "${size}"`)
    const { project } = await app.load()
    app.print(graph(project, { image, networks, ports, indent: (flags.spaces ? ' ' : '\t').repeat(size) }))
  },
})
