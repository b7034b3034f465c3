import { userError } from '../../text/problem.ts'
import { command } from '../command.ts'
import { scripts } from '../complete.ts'

export default command({
  operands: 'bash|zsh|fish',
  flags: {},
  async run({ operands: [shell = ''], app }) {
    if (shell !== 'bash' && shell !== 'zsh' && shell !== 'fish')
      throw userError('unknown-shell', `there is no completion for "${shell}"`, 'it is there for bash, zsh and fish')
    const { program } = app.called
    if (program.includes(' '))
      throw userError('unknown-shell', `docker completes "${program}" itself`, `see "docker completion ${shell}"`)
    app.print(scripts[shell](program))
  },
})
