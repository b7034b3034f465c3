import { suggest } from '../base/suggest.ts'
import { userError } from '../text/problem.ts'
import type { Environment } from './app.ts'
import type { Command, Flags } from './command.ts'
import { absent, commands } from './commands.ts'
import { globalFlags } from './globals.ts'
import type { Opened } from './open.ts'
import { countOperands, scan, values } from './parse.ts'

/** What surrounds the program. */
export interface Surroundings {
  /** What it is called: "gantry". */
  readonly program: string
  readonly env: Environment
  cwd(): string
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  /** Calls back at every SIGINT and SIGTERM. */
  onSignal(heard: () => void): void
  /** Ends the process now, for the second Ctrl-C. */
  exit(code: number): Promise<never>
}

/** Runs one command line and gives its exit code. Never throws: every error is told. */
export async function run(argv: readonly string[], around: Surroundings): Promise<number> {
  let app: Opened | undefined
  try {
    const root = scan(argv, [{ ...globalFlags, ...rootFlags }], true)
    const [name, ...rest] = root.operands
    const texts = root.texts[0]!
    if (name === '__complete') return await completed(rest, around)
    if (texts.has('version')) return await start('version', [], texts)
    if (name === undefined || name === 'help' || texts.has('help'))
      return await help(name === 'help' ? rest[0] : name, around)
    return await start(name, rest, texts)
  } catch (error) {
    const { report } = await import('./report.ts')
    return report(error, argv, around, app)
  }

  async function start(
    name: string,
    rest: readonly string[],
    before: ReadonlyMap<string, readonly string[]>,
  ): Promise<number> {
    const command = await find(name)
    const { texts, operands } = scan(rest, [command.flags, globalFlags], command.passthrough === true)
    const given = (flag: string) => [...(before.get(flag) ?? []), ...(texts[1]!.get(flag) ?? [])]
    if (given('help').length > 0) return help(name, around)
    const globals = values(globalFlags, new Map(Object.keys(globalFlags).map(flag => [flag, given(flag)])))
    const flags = values(command.flags, texts[0]!)
    countOperands(`${around.program} ${name}`, command, operands)
    const { openApp } = await import('./open.ts')
    app = openApp(globals, name, around)
    const code = await app.orInterrupted(command.run({ flags, operands, app }))
    await app.close()
    return code ?? 0
  }
}

/** For shells: candidates for the last word, one a line. */
async function completed(words: readonly string[], around: Surroundings): Promise<number> {
  const { complete, servicesOf } = await import('./complete.ts')
  const { openApp } = await import('./open.ts')
  const known = Object.entries(globalFlags).map(([flag]) => [flag, given(words, flag)] as const)
  const app = openApp(values(globalFlags, new Map(known)), '__complete', around)
  const found = await complete(words, () => servicesOf(app))
  app.print(found.map(([text, about]) => `${text}\t${about}\n`).join(''))
  return 0
}

/** Which project is meant, as far as an unfinished line says it. */
function given(words: readonly string[], flag: string): readonly string[] {
  if (flag !== 'file' && flag !== 'project-directory') return []
  const short = globalFlags[flag].short
  return words.flatMap((word, i) => (word === `--${flag}` || word === `-${short}` ? (words[i + 1] ?? []) : []))
}

const rootFlags: Flags = {
  version: { help: 'Print the version', short: 'v', parse: texts => texts.length > 0 },
}

async function find(name: string): Promise<Command> {
  if (Object.hasOwn(commands, name)) return (await commands[name]!.load()).default
  if (Object.hasOwn(absent, name)) throw userError('absent-command', `"${name}" is not supported`, absent[name])
  const near = suggest(name, Object.keys(commands))
  throw userError(
    'unknown-command',
    `unknown command: "${name}"`,
    near ? `did you mean "${near}"?` : '"gantry --help" lists the commands',
  )
}

async function help(name: string | undefined, { program, stdout }: Surroundings): Promise<number> {
  const { commandHelp, help } = await import('./help.ts')
  const width = Math.min(stdout.columns || 100, 110)
  if (name === undefined) stdout.write(help(program, width))
  else {
    const command = await find(name)
    stdout.write(commandHelp(program, name, commands[name]!, command, width))
  }
  return 0
}
