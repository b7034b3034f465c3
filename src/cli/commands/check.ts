import { check } from '../../actions/check.ts'
import { UserError } from '../../text/problem.ts'
import { checkGithub, checkJson, checkText } from '../../ui/check.ts'
import { paint } from '../../ui/paint.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[FILE...]',
  flags: {
    all: flag.boolean('Look at everything, hints of every pack included'),
    'fail-on': flag.choice('What makes the exit code 2: a finding as bad as this, or worse (warning, unless given)', [
      'error',
      'warning',
      'hint',
    ]),
    format: flag.choice('How to print it', ['text', 'json', 'sarif', 'github']),
    pack: flag.list('Look at this as well: security, prod, dockerfile, style', 'PACK'),
  },
  async run({ flags, operands, app }) {
    const options = {
      load: await app.loadOptions(),
      operands,
      packs: flags.pack.flatMap(names => names.split(',')),
      all: flags.all,
    }
    const checked = await check(options)
    const { findings, errors } = checked
    if (flags.format === 'json') app.print(checkJson(findings, errors))
    else if (flags.format === 'github') app.print(checkGithub(findings, errors))
    else {
      if (errors.length === 0 || findings.length > 0) app.print(checkText(findings, paint(app.look.colour.out)))
      if (errors.length > 0) throw new UserError(errors)
    }
    if (errors.length > 0) return 1
    const failing = { error: ['error'], warning: ['error', 'warning'], hint: ['error', 'warning', 'hint'] }
    return findings.some(({ severity }) => failing[flags['fail-on'] ?? 'warning'].includes(severity)) ? 2 : 0
  },
})
