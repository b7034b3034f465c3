import { writeFileSync } from 'node:fs'
import { messages } from '../src/cli/codes/codes.ts'
import { causes } from '../src/diagnose/diagnoses.ts'
import { packs } from '../src/lint/rule.ts'
import { rules } from '../src/lint/rules.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** Every cause of failure, every rule and every message, as `gantry explain` tells them: docs/errors.md. */
export function errorsText(): string {
  return [
    '# Every code',
    '',
    'Generated from `src/diagnose`, `src/lint` and `src/cli/codes` by `node build/errors-page.ts`. `gantry explain CODE` prints the same.',
    '',
    '## Causes of failures',
    '',
    '`up`, `why` and the other commands name one of these where a container failed, with the evidence and the line to change.',
    '',
    ...causes.flatMap(({ code, cause, evidence, fix, told = [] }) => [
      `### ${code}`,
      '',
      cause,
      '',
      `- What gives it away: ${evidence}`,
      `- What to do: ${fix}`,
      ...(told.length > 0 ? [`- Told as: ${told.map(one => `\`${one}\``).join(', ')}`] : []),
      '',
    ]),
    '## Rules of check',
    '',
    '`gantry check` looks at files that are valid and will not do what was meant. A rule is silent where `# gantry-ignore CODE: reason`',
    'stands on the line or on the one above, and below an `x-gantry: {ignore: [CODE]}` of a service or of the file.',
    'Rules with a star are looked at without being asked for, the others with `--pack` or `--all`. The dockerfile pack is looked at',
    'for each Dockerfile that is named.',
    '',
    '| rule | | severity | `--fix` |',
    '| --- | --- | --- | --- |',
    ...packs.flatMap(pack =>
      rules
        .filter(rule => rule.pack === pack)
        .map(
          ({ code, star, severity, fixes }) =>
            `| [${code}](#${code}) | ${star ? '★ ' : ''}${pack} | ${severity} | ${fixes ? 'yes' : ''} |`,
        ),
    ),
    '',
    ...rules.flatMap(({ code, why, except, bad, good }) => [
      `### ${code}`,
      '',
      why,
      ...(except === undefined ? [] : ['', `Except: ${except}.`]),
      '',
      'Instead of',
      '',
      ...block(bad),
      '',
      'write',
      '',
      ...block(good),
      '',
    ]),
    '## Messages',
    '',
    '`--progress json` and `--format json` give a code with each message.',
    '',
    ...Object.entries(messages).flatMap(([title, meanings]) => [
      `### ${title}`,
      '',
      '| code | what is so | what to do |',
      '| --- | --- | --- |',
      ...Object.entries(meanings).map(([code, told]) => `| ${[`\`${code}\``, ...told].map(cell).join(' | ')} |`),
      '',
    ]),
  ].join('\n')
}

const block = (text: string) => [text.startsWith('FROM') ? '```dockerfile' : '```yaml', text.trimEnd(), '```']

if (import.meta.main) writeFileSync('docs/errors.md', errorsText())
