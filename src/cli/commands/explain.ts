import { suggest } from '../../base/suggest.ts'
import { diagnoses } from '../../diagnose/diagnoses.ts'
import { userError } from '../../text/problem.ts'
import { command } from '../command.ts'

export default command({
  operands: '[CODE]',
  flags: {},
  async run({ operands: [code], app }) {
    if (code === undefined) {
      app.print(diagnoses.map(({ code, cause }) => `${code.padEnd(28)} ${cause}\n`).join(''))
      return
    }
    const known = diagnoses.find(diagnosis => diagnosis.code === code)
    if (!known) {
      const near = suggest(
        code,
        diagnoses.map(diagnosis => diagnosis.code),
      )
      throw userError(
        'no-such-code',
        `there is no code "${code}"`,
        near === undefined ? '"explain" alone lists them all' : `did you mean "${near}"?`,
      )
    }
    const { cause, evidence, fix } = known
    app.print(`${code}\n\n${cause}\n\nWhat gives it away: ${evidence}\n\nWhat to do: ${fix}\n`)
  },
})
