import type { App } from './app.ts'
import type { Command, Flags } from './command.ts'
import { commands } from './commands.ts'
import { globalFlags } from './globals.ts'

export type Candidate = readonly [text: string, about: string]

/** What may stand in place of the last word, and what else the shell may offer there. */
export interface Completed {
  readonly candidates: readonly Candidate[]
  /** The last two are for what goes on after a candidate: `db=`, `db:/etc`. */
  readonly also: 'nothing' | 'files' | 'folders' | 'no-space' | 'files-no-space'
}

/** Names that only the project and the engine know, each asked for only where it may stand. */
export interface Names {
  services(): Promise<readonly string[]>
  profiles(): Promise<readonly string[]>
  projects(): Promise<readonly string[]>
}

/** `words` are those after the program's name; the last is the one that is being written, as far as it is. */
export async function complete(words: readonly string[], names: Names): Promise<Completed> {
  const before = words.slice(0, -1)
  const word = words.at(-1) ?? ''
  const name = commandIn(before)
  const command =
    name === undefined || !Object.hasOwn(commands, name) ? undefined : (await commands[name]!.load()).default
  const tables: readonly Flags[] = command ? [command.flags, globalFlags] : [globalFlags]
  const asked = valueOf(before.at(-1), tables)
  if (asked) return among(word, await valuesOf(asked, names))
  if (word.startsWith('--') && word.includes('=')) {
    const equals = word.indexOf('=')
    const flag = valueOf(word.slice(0, equals), tables)
    const { candidates, also } = flag ? await valuesOf(flag, names) : nothing
    return among(word, {
      candidates: candidates.map(([text, about]) => [`${word.slice(0, equals + 1)}${text}`, about]),
      also,
    })
  }
  if (word.startsWith('-')) return among(word, only(tables.flatMap(flagsOf)))
  if (name === 'help' || name === undefined)
    return among(word, only(Object.entries(commands).map(([text, { summary }]) => [text, summary])))
  return command
    ? among(word, await operandsOf(command, before.slice(before.indexOf(name) + 1), names, tables))
    : nothing
}

const nothing: Completed = { candidates: [], also: 'nothing' }
const only = (candidates: readonly Candidate[]): Completed => ({ candidates, also: 'nothing' })
const named = (all: readonly string[], about: string) => only(all.map(text => [text, about]))

const among = (word: string, { candidates, also }: Completed): Completed => ({
  candidates: candidates.filter(([text]) => text.startsWith(word)),
  also,
})

const flagsOf = (flags: Flags): Candidate[] =>
  Object.entries(flags).flatMap(([name, { hidden, help }]): Candidate[] => (hidden ? [] : [[`--${name}`, help]]))

/** The first word that is neither a flag nor the value of one. */
function commandIn(words: readonly string[]): string | undefined {
  return words.find((word, i) => !word.startsWith('-') && !valueOf(words[i - 1], [globalFlags]))
}

interface Valued {
  readonly name: string
  readonly takes: string
  readonly words?: readonly string[]
}

/** The flag whose value comes after a word. */
function valueOf(word: string | undefined, tables: readonly Flags[]): Valued | undefined {
  if (!word?.startsWith('-') || word.includes('=')) return undefined
  for (const flags of tables)
    for (const [name, { short, takes, words }] of Object.entries(flags))
      if (word === `--${name}` || (short !== undefined && word === `-${short}`))
        return takes === undefined ? undefined : { name, takes, ...(words && { words }) }
  return undefined
}

async function valuesOf({ name, takes, words }: Valued, names: Names): Promise<Completed> {
  if (words) return named(words, '')
  if (takes === 'SERVICE') return named(await names.services(), 'service')
  if (takes === 'SERVICE=NUM') return numbered(await names.services())
  if (name === 'profile') return named(await names.profiles(), 'profile')
  if (name === 'project-name') return named(await names.projects(), 'project')
  if (takes === 'SIGNAL') return named(signals, '')
  return { candidates: [], also: takes === 'FILE' ? 'files' : takes === 'DIR' ? 'folders' : 'nothing' }
}

const signals = ['SIGHUP', 'SIGINT', 'SIGKILL', 'SIGQUIT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2']

const numbered = (services: readonly string[]): Completed => ({
  candidates: services.map(text => [`${text}=`, 'service']),
  also: 'no-space',
})

async function operandsOf(
  { operands = '', passthrough = false }: Command,
  before: readonly string[],
  names: Names,
  tables: readonly Flags[],
): Promise<Completed> {
  const given = before.filter((word, i) => !word.startsWith('-') && !valueOf(before[i - 1], tables))
  const shown = operands.split(' ')
  // `exec SERVICE COMMAND [ARGS...]`: nobody here knows the commands.
  const wanted = shown[Math.min(given.length, shown.length - 1)]!
  if (/^\[?SERVICE(\.\.\.)?\]?$/.test(wanted)) {
    const free = (await names.services()).filter(service => !given.includes(service))
    return passthrough && given.length > 0 ? nothing : named(free, 'service')
  }
  if (wanted === 'SERVICE=NUM...') return numbered(await names.services())
  if (/^[a-z]+(\|[a-z]+)+$/.test(wanted)) return named(wanted.split('|'), '')
  // `cp SERVICE:PATH .`
  if (wanted.includes('SERVICE:'))
    return { candidates: (await names.services()).map(text => [`${text}:`, 'service']), also: 'files-no-space' }
  return passthrough && given.length > 0 ? { candidates: [], also: 'files' } : nothing
}

/** Nothing where a project or an engine cannot be read: completion never complains, and never waits long. */
export function namesOf(app: Pick<App, 'load' | 'engine'>): Names {
  const project = () =>
    app
      .load({ all_profiles: true, without: new Set(['env-resolution', 'consistency']) })
      .then(({ project }) => project)
      .catch(() => undefined)
  return {
    async services() {
      return Object.keys((await project())?.services ?? {}).toSorted()
    },
    async profiles() {
      const all = Object.values((await project())?.services ?? {}).flatMap(service => service.profiles ?? [])
      return [...new Set(all)].toSorted()
    },
    async projects() {
      try {
        const { projects } = await import('../actions/projects.ts')
        return (await projects(await app.engine(), { all: true })).map(({ name }) => name)
      } catch {
        return []
      }
    },
  }
}

/** As cobra's protocol has it, which docker and the scripts below read: a line each, and last a sum of what the shell is to do. */
export function written({ candidates, also }: Completed, described: boolean): string {
  const lines = candidates.map(([text, about]) => (described && about !== '' ? `${text}\t${about}` : text))
  const directive = { nothing: 4, files: 0, folders: 16, 'no-space': 6, 'files-no-space': 2 }[also]
  return `${lines.join('\n')}${lines.length > 0 ? '\n' : ''}:${directive}\n`
}

/** What a shell is to read so that it asks us. */
export const scripts: Readonly<Record<'bash' | 'zsh' | 'fish', (program: string) => string>> = {
  bash: program => {
    const name = identifier(program)
    return `# bash completion of ${program}
_${name}() {
  local IFS=$'\\n' words=("\${COMP_WORDS[@]:1:COMP_CWORD}") directive
  # bash takes "=" for a word of its own.
  local line="\${COMP_LINE:0:COMP_POINT}"
  local last="\${line##* }"
  if [[ $last == --*=* ]]; then words=("\${COMP_WORDS[@]:1:COMP_CWORD}"); while [[ \${#words[@]} -gt 0 && \${words[-1]} != --* ]]; do unset 'words[-1]'; done; words[-1]=$last; fi
  COMPREPLY=($(${program} __completeNoDesc "\${words[@]}" 2>/dev/null))
  [[ \${#COMPREPLY[@]} -gt 0 ]] || return 0
  directive=\${COMPREPLY[-1]#:}
  unset 'COMPREPLY[-1]'
  [[ $last == --*=* && $COMP_WORDBREAKS == *=* ]] && COMPREPLY=("\${COMPREPLY[@]#*=}")
  ((directive & 4)) && compopt +o default 2>/dev/null
  ((directive & 2)) && [[ \${#COMPREPLY[@]} -gt 0 ]] && compopt -o nospace 2>/dev/null
  ((directive & 16)) && compopt -o dirnames 2>/dev/null
  return 0
}
complete -o default -F _${name} ${program}
`
  },
  zsh: program => {
    const name = identifier(program)
    return `#compdef ${program}
# zsh completion of ${program}
_${name}() {
  local -a lines found
  local line directive text
  lines=("\${(@f)$(${program} __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  directive=\${lines[-1]#:}
  lines[-1]=()
  for line in $lines; do
    text=\${line%%$'\\t'*}
    if [[ $line == *$'\\t'* ]]; then found+=("\${text//:/\\\\:}:\${line#*$'\\t'}"); else found+=("\${text//:/\\\\:}"); fi
  done
  if ((directive & 2)); then _describe '${program}' found -S ''
  else (($#found)) && _describe '${program}' found; fi
  if ((directive & 16)); then _files -/
  elif ! ((directive & 4)); then _files; fi
}
compdef _${name} ${program}
`
  },
  fish: program => {
    const name = identifier(program)
    return `# fish completion of ${program}
function __${name}_complete
    set -l lines (${program} __complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null)
    test (count $lines) -gt 0; or return
    set -l directive (string sub -s 2 -- $lines[-1])
    test (count $lines) -gt 1; and printf '%s\\n' $lines[1..-2]
    if test $directive -eq 16
        __fish_complete_directories (commandline -ct)
    else if test $directive -eq 0 -o $directive -eq 2
        __fish_complete_path (commandline -ct)
    end
end
complete -c ${program} -e
complete -c ${program} -f -a '(__${name}_complete)'
`
  },
}

/** `docker-compose` → `docker_compose`. */
const identifier = (program: string) => program.replaceAll(/\W/g, '_')
