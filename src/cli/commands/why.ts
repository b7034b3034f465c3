import { why } from '../../actions/why/why.ts'
import { nowhere } from '../../text/origin.ts'
import { findingJson, findingsText } from '../../ui/findings.ts'
import { paint } from '../../ui/paint.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[SERVICE...]',
  flags: { format: flag.choice('How to print it', ['text', 'json']) },
  async run({ flags, operands: services, app }) {
    void app.engine()
    const { name, loaded } = await app.target()
    const findings = await why(name, loaded?.project, {
      engine: await app.engine(),
      services,
      origin: loaded?.origin ?? nowhere,
      signal: app.signal,
    })
    if (flags.format === 'json') app.print(`${JSON.stringify(findings.map(findingJson), undefined, 2)}\n`)
    else app.print(findingsText(findings, paint(app.look.colour.out)) || 'nothing wrong was found\n')
    return findings.some(finding => finding.severity === 'error') ? 2 : 0
  },
})
