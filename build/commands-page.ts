import { writeFileSync } from 'node:fs'
import type { Flags } from '../src/cli/command.ts'
import { absent, commands, groups } from '../src/cli/commands.ts'
import { globalFlags } from '../src/cli/globals.ts'
import { differences } from './differences.ts'
import { acting, silent } from './variables.ts'

/** Every command and flag, and what is refused and why: docs/commands.md. */
export async function commandsText(): Promise<string> {
  const pages: string[] = []
  for (const group of groups) {
    pages.push(`## ${group}`, '')
    for (const [name, entry] of Object.entries(commands).filter(([, { group: own }]) => own === group)) {
      const { default: command } = await entry.load()
      const [line, does] = entry.example
      pages.push(
        `### ${name}`,
        '',
        `${entry.summary}.`,
        '',
        `\`gantry ${name}${Object.keys(command.flags).length > 0 ? ' [FLAGS]' : ''}${command.operands ? ` ${command.operands}` : ''}\``,
        '',
        ...table(command.flags),
        `For example \`gantry ${line}\`: ${does}.`,
        '',
      )
    }
  }
  return [
    '# Every command and flag',
    '',
    'Generated from `src/cli` by `node build/commands-page.ts`. Whatever docker compose has is here: it acts, or it is refused with',
    'the reason that stands in the table, and exit code 1.',
    '',
    '## Flags of every command',
    '',
    ...table(globalFlags),
    ...pages,
    '## Commands of docker compose that are refused',
    '',
    '| command | instead |',
    '| --- | --- |',
    ...Object.entries(absent).map(([name, instead]) => `| \`${name}\` | ${cell(instead)} |`),
    '',
    '## Where it differs from docker compose',
    '',
    'On purpose, and nowhere else that we know of: words, streams, exit codes and tables are those of docker compose 5.5.',
    '',
    '| command | docker compose | here |',
    '| --- | --- | --- |',
    ...differences.map(row => `| ${row.map(cell).join(' | ')} |`),
    '',
    '## Environment variables',
    '',
    'A flag wins over its variable, the environment over `.env`.',
    '',
    '| variable | what it sets | may stand in `.env` |',
    '| --- | --- | --- |',
    ...acting.map(([name, sets, project]) => `| ${named(name)} | ${sets} | ${project} |`),
    '',
    'Those of docker and docker compose that say nothing here:',
    '',
    '| variable | because |',
    '| --- | --- |',
    ...silent.map(([name, because]) => `| ${named(name)} | ${because} |`),
    '',
    '## Exit codes',
    '',
    '| code | when |',
    '| --- | --- |',
    ...exitCodes.map(([code, when]) => `| ${code} | ${when} |`),
    '',
  ].join('\n')
}

const exitCodes = [
  ['0', 'done, or nothing to do; warnings are no errors'],
  ['1', 'an error: in the files, on the command line, of the engine; part of the work may be done, which is told'],
  ['2', '`plan`: there are changes; `why`: something is wrong; `check`: findings as bad as `--fail-on` says, or worse'],
  ['130', 'interrupted (Ctrl-C, SIGTERM), or a question was answered with no'],
  [
    'a container’s',
    '`run`, `exec`, `attach`, `wait` (the last one’s), and `up` with `--exit-code-from` or `--abort-on-container-exit`',
  ],
] as const

function table(flags: Flags): string[] {
  const rows = Object.entries(flags).map(([name, { short, takes, help }]) => {
    const value = takes === undefined ? '' : ` ${takes}`
    return `| ${short ? `\`-${short}\`` : ''} | \`--${cell(name + value)}\` | ${cell(help)} |`
  })
  return rows.length === 0 ? [] : ['| | flag | what it does |', '| --- | --- | --- |', ...rows, '']
}

const named = (names: string) =>
  names
    .split(', ')
    .map(name => `\`${name}\``)
    .join(', ')

const cell = (text: string) => text.replaceAll('|', '\\|')

if (import.meta.main) writeFileSync('docs/commands.md', await commandsText())
