import { suggest } from '../../base/suggest.ts'
import { causes } from '../../diagnose/diagnoses.ts'
import { rules } from '../../lint/rules.ts'
import { userError } from '../../text/problem.ts'
import { allCodes, messages } from '../codes/codes.ts'
import { command } from '../command.ts'

export default command({
  operands: '[CODE]',
  flags: {},
  async run({ operands: [code], app }) {
    if (code === undefined) {
      const line = (name: string, says: string) => `${name.padEnd(28)} ${says}\n`
      const group = (title: string, lines: readonly string[]) => `${title}\n\n${lines.join('')}`
      const groups = [
        group(
          'Causes of failures',
          causes.map(one => line(one.code, one.cause)),
        ),
        group(
          'Rules of check',
          rules.map(one => line(one.code, one.why)),
        ),
        ...Object.entries(messages).map(([title, meanings]) =>
          group(
            title,
            Object.entries(meanings).map(([name, [says]]) => line(name, says)),
          ),
        ),
      ]
      app.print(groups.join('\n'))
      return
    }
    const told = [...causeParts(code), ...ruleParts(code), ...messageParts(code)]
    if (told.length === 0) {
      const near = suggest(code, allCodes())
      throw userError(
        'no-such-code',
        `there is no code "${code}"`,
        near === undefined ? '"explain" alone lists them all' : `did you mean "${near}"?`,
      )
    }
    app.print(`${[code, ...told].join('\n\n')}\n`)
  },
})

function causeParts(code: string): readonly string[] {
  const known = causes.find(cause => cause.code === code) ?? causes.find(({ told }) => told?.includes(code))
  return known ? [known.cause, `What gives it away: ${known.evidence}`, `What to do: ${known.fix}`] : []
}

/** One code can be a cause and a rule: what fails later was to be seen before. */
function ruleParts(code: string): readonly string[] {
  const rule = rules.find(one => one.code === code)
  if (!rule) return []
  const { severity, pack, star, why, except, bad, good, fixes } = rule
  const indented = (text: string) => text.trimEnd().replaceAll(/^/gm, '  ')
  return [
    `A rule of check (${severity}, ${star ? 'always looked at' : `--pack ${pack}`}${fixes ? ', --fix mends it' : ''}): ${why}`,
    ...(except === undefined ? [] : [`Except: ${except}`]),
    `Instead of\n\n${indented(bad)}\n\nwrite\n\n${indented(good)}`,
    `To silence it: # gantry-ignore ${code}: reason`,
  ]
}

/** What a message says that is neither of them. */
function messageParts(code: string): readonly string[] {
  const meaning = Object.values(messages).find(meanings => Object.hasOwn(meanings, code))?.[code]
  return meaning ? [meaning[0], `What to do: ${meaning[1]}`] : []
}
