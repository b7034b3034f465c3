import { type Checked, type CheckOptions, check } from '../../actions/check.ts'
import { rules } from '../../lint/rules.ts'
import { hidden } from '../../model/hidden.ts'
import { UserError } from '../../text/problem.ts'
import { checkGithub, checkJson, checkText } from '../../ui/check.ts'
import { diff } from '../../ui/diff.ts'
import { paint } from '../../ui/paint.ts'
import { count } from '../../ui/words.ts'
import type { App } from '../app.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'
import { version } from '../version.ts'

export default command({
  operands: '[FILE...]',
  flags: {
    all: flag.boolean('Look at everything, hints of every pack included'),
    'fail-on': flag.choice('What makes the exit code 2: a finding as bad as this, or worse (warning, unless given)', [
      'error',
      'warning',
      'hint',
    ]),
    fix: flag.boolean('Mend what is safe to mend, in the files; with --dry-run show what would change'),
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
    const { findings, errors } = flags.fix ? await fixed(checked, options, app) : checked
    if (flags.format === 'json') app.print(checkJson(findings, errors))
    else if (flags.format === 'sarif') {
      const { checkSarif } = await import('../../ui/sarif.ts')
      app.print(checkSarif(findings, { errors, rules, version }))
    } else if (flags.format === 'github') app.print(checkGithub(findings, errors))
    else {
      if (errors.length === 0 || findings.length > 0) app.print(checkText(findings, paint(app.look.colour.out)))
      if (errors.length > 0) throw new UserError(errors)
    }
    if (errors.length > 0) return 1
    const failing = { error: ['error'], warning: ['error', 'warning'], hint: ['error', 'warning', 'hint'] }
    return findings.some(({ severity }) => failing[flags['fail-on'] ?? 'warning'].includes(severity)) ? 2 : 0
  },
})

/** Mends what can be mended, and looks again; with --dry-run shows what would change, and all stays as it was. */
async function fixed(checked: Checked, options: CheckOptions, app: App): Promise<Checked> {
  const { mendingOf, writeMended } = await import('../../actions/mend.ts')
  const { files, count: mended, problems } = await mendingOf(checked, options)
  for (const problem of problems) app.emit({ type: 'problem', problem })
  if (app.globals['dry-run']) {
    for (const { before, after } of files) app.stderr.write(diff(before.name, hidden(before), hidden({ text: after })))
    return checked
  }
  for (const file of files) writeMended(file)
  if (files.length === 0) return checked
  app.stderr.write(`${count(mended, 'finding')} mended in ${files.map(({ before }) => before.name).join(', ')}\n`)
  return check(options)
}
