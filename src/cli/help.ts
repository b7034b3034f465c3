import type { Command, Flags } from './command.ts'
import { commands, type Entry, groups } from './commands.ts'
import { globalFlags } from './globals.ts'

/** Help of the whole program, from the tables alone. */
export function help(program: string, width: number): string {
  const wide = Math.max(...Object.keys(commands).map(name => name.length))
  const grouped = groups.map(group => {
    const entries = Object.entries(commands).filter(([, entry]) => entry.group === group)
    return `${group}\n${entries.map(([name, { summary }]) => row(name, wide, summary, width)).join('\n')}`
  })
  return [
    `Usage: ${program} [FLAGS] COMMAND`,
    'Runs compose files: says what it will change and why, and changes only that.',
    ...grouped,
    flagTable('Flags, before the command or after it', globalFlags, width),
    `"${program} help COMMAND" says more of a command.\n`,
  ].join('\n\n')
}

/** Help of one command. */
export function commandHelp(
  program: string,
  name: string,
  { summary, example: [line, does] }: Entry,
  command: Command,
  width: number,
): string {
  return [
    `Usage: ${program} ${name} [FLAGS]${command.operands ? ` ${command.operands}` : ''}`,
    summary,
    ...(Object.values(command.flags).some(f => !f.hidden) ? [flagTable('Flags', command.flags, width)] : []),
    `Example\n  ${program} ${line}\n      ${does}`,
    `"${program} --help" lists the flags that every command takes.\n`,
  ].join('\n\n')
}

function flagTable(title: string, flags: Flags, width: number): string {
  const shown = Object.entries(flags).filter(([, flag]) => !flag.hidden)
  const left = shown.map(
    ([name, { short, takes }]) => `${short ? `-${short}, ` : '    '}--${name}${takes ? ` ${takes}` : ''}`,
  )
  const wide = Math.min(32, Math.max(...left.map(text => text.length)))
  return `${title}\n${shown.map(([, flag], i) => row(left[i]!, wide, flag.help, width)).join('\n')}`
}

function row(left: string, wide: number, right: string, width: number): string {
  const indent = ' '.repeat(wide + 4)
  const lines = wrap(right, Math.max(30, width - wide - 4)).join(`\n${indent}`)
  return left.length > wide ? `  ${left}\n${indent}${lines}` : `  ${left.padEnd(wide)}  ${lines}`
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!
    if (last !== '' && last.length + word.length >= width) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}
