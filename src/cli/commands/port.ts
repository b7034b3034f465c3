import { oneOf } from '../../actions/one.ts'
import { userError } from '../../text/problem.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

const protocol = flag.choice('The protocol, tcp unless named', ['tcp', 'udp', 'sctp'])

export default command({
  operands: 'SERVICE PRIVATE_PORT',
  flags: {
    index: flag.number('This container of the service', 'NUM'),
    protocol: {
      ...protocol,
      parse: (texts, name) =>
        protocol.parse(
          texts.map(text => text.toLowerCase()),
          name,
        ),
    },
  },
  async run({ flags: { index, protocol = 'tcp' }, operands: [service = '', port = ''], app }) {
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
      throw userError('bad-port', `"${port}" is not a port`, 'write the port inside the container, for example 80')
    void app.engine()
    const { name } = await app.target()
    const { name: container, summary } = await oneOf(await app.engine(), name, service, index)
    const found = summary.ports
      .filter(p => p.target === Number(port) && p.protocol === protocol && p.published > 0)
      .toSorted((a, b) => Number(a.ip.includes(':')) - Number(b.ip.includes(':')) || a.published - b.published)[0]
    if (!found) {
      const has = summary.ports.map(p => `${p.target}/${p.protocol}`).join(', ')
      throw userError('no-such-port', `no port ${port}/${protocol} for container ${container}: ${has}`)
    }
    app.print(`${found.ip.includes(':') ? `[${found.ip}]` : found.ip}:${found.published}\n`)
  },
})
