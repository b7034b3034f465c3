import type { App } from './app.ts'
import type { Command, Flags } from './command.ts'
import { commands } from './commands.ts'
import { globalFlags } from './globals.ts'

/**
 * What may stand in place of the last word, one candidate each with what it is about. `words` are those after the program's
 * name; `services` is asked only where services may stand.
 */
export async function complete(
  words: readonly string[],
  services: () => Promise<readonly string[]>,
): Promise<readonly Candidate[]> {
  const before = words.slice(0, -1)
  const word = words.at(-1) ?? ''
  const name = commandIn(before)
  const command =
    name === undefined || !Object.hasOwn(commands, name) ? undefined : (await commands[name]!.load()).default
  const tables: readonly Flags[] = command ? [command.flags, globalFlags] : [globalFlags]
  const asked = valueOf(before.at(-1), tables)
  if (asked)
    return starting(
      word,
      (asked.words ?? []).map(text => [text, '']),
    )
  if (word.startsWith('-')) return starting(word, tables.flatMap(flagsOf))
  if (name === 'help' || name === undefined)
    return starting(
      word,
      Object.entries(commands).map(([text, { summary }]) => [text, summary]),
    )
  if (!command || !takesServices(command, before, name)) return []
  return starting(
    word,
    (await services()).map(text => [text, 'service']),
  )
}

export type Candidate = readonly [text: string, about: string]

const starting = (word: string, all: readonly Candidate[]) => all.filter(([text]) => text.startsWith(word))

const flagsOf = (flags: Flags): Candidate[] =>
  Object.entries(flags).flatMap(([name, { hidden, help }]): Candidate[] => (hidden ? [] : [[`--${name}`, help]]))

/** The first word that is neither a flag nor the value of one. */
function commandIn(words: readonly string[]): string | undefined {
  return words.find((word, i) => !word.startsWith('-') && !valueOf(words[i - 1], [globalFlags]))
}

/** The flag whose value comes after a word. */
function valueOf(word: string | undefined, tables: readonly Flags[]) {
  if (!word?.startsWith('-') || word.includes('=')) return undefined
  for (const flags of tables)
    for (const [name, flag] of Object.entries(flags))
      if (word === `--${name}` || (flag.short !== undefined && word === `-${flag.short}`))
        return flag.takes === undefined ? undefined : flag
  return undefined
}

/** After the service of `exec` comes a command, which nobody here knows. */
function takesServices(
  { operands = '', passthrough = false }: Command,
  before: readonly string[],
  name: string,
): boolean {
  if (!operands.includes('SERVICE')) return false
  const given = before.slice(before.indexOf(name) + 1).filter(word => !word.startsWith('-'))
  return !passthrough || given.length === 0
}

/** Names of the project's services; none where the project cannot be read: completion never complains. */
export async function servicesOf(app: Pick<App, 'load'>): Promise<readonly string[]> {
  try {
    const { project } = await app.load({ all_profiles: true, without: new Set(['env-resolution', 'consistency']) })
    return Object.keys(project.services).toSorted()
  } catch {
    return []
  }
}

/** What a shell is to read so that it asks us. */
export const scripts: Readonly<Record<'bash' | 'zsh' | 'fish', (program: string) => string>> = {
  bash: program => `_${program}() {
  local IFS=$'\\n'
  COMPREPLY=($(${program} __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _${program} ${program}
`,
  zsh: program => `#compdef ${program}
_${program}() {
  local -a found
  local line
  while IFS=$'\\t' read -r line about; do found+=("\${line//:/\\\\:}:$about"); done < <(${program} __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe '${program}' found || _files
}
compdef _${program} ${program}
`,
  fish: program => `complete -c ${program} -f -a '(${program} __complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
}
