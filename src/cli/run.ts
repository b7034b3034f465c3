import { suggest } from '../base/suggest.ts'
import { userError } from '../text/problem.ts'
import type { Environment } from './app.ts'
import type { Called } from './called.ts'
import type { Command, Flags } from './command.ts'
import { absent, commands } from './commands.ts'
import { dockerFlags, type Globals, globalFlags } from './globals.ts'
import type { Opened } from './open.ts'
import { countOperands, scan, values } from './parse.ts'

/** What surrounds the program. */
export interface Surroundings {
  readonly called: Called
  /** The file that was started, with nothing in between: what a link would have to point at. */
  readonly file: string
  readonly env: Environment
  cwd(): string
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  /** Calls back at every SIGINT and SIGTERM. */
  onSignal(heard: (signal: NodeJS.Signals) => void): void
  /** Calls back at every one of these. */
  onOtherSignals(names: readonly NodeJS.Signals[], heard: (signal: NodeJS.Signals) => void): void
  /** Ends the process now, for the second Ctrl-C. */
  exit(code: number): Promise<never>
}

/** Runs one command line and gives its exit code. Never throws: every error is told. */
export async function run(argv: readonly string[], around: Surroundings): Promise<number> {
  let app: Opened | undefined
  try {
    if (argv[0]?.startsWith('docker-cli-plugin-')) return await asked(argv[0], around)
    const { operands, texts } = rootScan(argv, around.called.plugin)
    const [name, ...rest] = aliased(operands)
    if (name === '__complete' || name === '__completeNoDesc')
      return await completed(rest, around, name === '__complete')
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
    const command = await find(name, around.called)
    const { texts, operands } = scan(rest, [command.flags, globalFlags], command.passthrough === true)
    const given = (flag: string) => [...(before.get(flag) ?? []), ...(texts[1]!.get(flag) ?? [])]
    if (given('help').length > 0) return help(name, around)
    const table = { ...globalFlags, ...dockerFlags }
    const globals = values(table, new Map(Object.keys(table).map(flag => [flag, given(flag)])))
    const flags = values(command.flags, texts[0]!)
    countOperands(`${around.called.program} ${name}`, command, operands)
    const { openApp } = await import('./open.ts')
    app = openApp(globals, name, toldByFlags(globals, around))
    const code = await app.orInterrupted(command.run({ flags, operands, app }))
    await app.close()
    return code ?? 0
  }
}

/**
 * What stands before the command, and the rest as it is. As its plugin, the docker command hands on all that it was given:
 * `docker --context far compose -f a.yaml up` starts us with `--context far compose -f a.yaml up`.
 */
function rootScan(
  argv: readonly string[],
  plugin: string,
): { readonly operands: readonly string[]; readonly texts: Texts } {
  const table = { ...globalFlags, ...dockerFlags, ...rootFlags }
  const { operands, texts } = scan(argv, [table], true)
  const [first, second, ...rest] = operands
  const handedOn = ['help', '__complete', '__completeNoDesc'].includes(first ?? '')
  if (handedOn && second === plugin) return { operands: [first!, ...rest], texts: texts[0]! }
  if (first !== plugin) return { operands, texts: texts[0]! }
  const inner = scan(operands.slice(1), [table], true)
  const both = new Map(texts[0])
  for (const [name, given] of inner.texts[0]!) both.set(name, [...(both.get(name) ?? []), ...given])
  return { operands: inner.operands, texts: both }
}

/** The one alpha command of docker compose's that is here has a name of its own. */
const aliased = (operands: readonly string[]) =>
  operands[0] === 'alpha' && operands[1] === 'viz' ? ['graph', ...operands.slice(2)] : operands

type Texts = ReadonlyMap<string, readonly string[]>

/** The docker command asks its plugins who they are, and after some commands whether they have a hint. */
async function asked(question: string, { called, stdout }: Surroundings): Promise<number> {
  const { metadata } = await import('./called.ts')
  if (question === 'docker-cli-plugin-metadata') stdout.write(metadata(called))
  return 0
}

/** Docker's flags as the variables that say the same, so that whoever reads these is told. */
function toldByFlags({ config, tls, tlsverify }: Globals, around: Surroundings): Surroundings {
  const told = {
    ...(config !== undefined && { DOCKER_CONFIG: config }),
    ...(tls && { DOCKER_TLS: '1' }),
    ...(tlsverify && { DOCKER_TLS_VERIFY: '1' }),
  }
  // Not spread: that would open all streams.
  return Object.keys(told).length === 0
    ? around
    : (Object.create(around, { env: { value: { ...around.env, ...told } } }) as Surroundings)
}

/** For shells: candidates for the last word, one a line, and what the shell is to make of them (cobra's protocol, which docker speaks). */
async function completed(words: readonly string[], around: Surroundings, described: boolean): Promise<number> {
  const { complete, namesOf, written } = await import('./complete.ts')
  const { openApp } = await import('./open.ts')
  const known = Object.entries(globalFlags).map(([flag]) => [flag, given(words, flag)] as const)
  const app = openApp(values(globalFlags, new Map(known)), '__complete', around)
  app.print(written(await complete(words, namesOf(app)), described))
  await app.close()
  return 0
}

/** Which project is meant, as far as an unfinished line says it. */
function given(words: readonly string[], flag: string): readonly string[] {
  if (!['file', 'project-directory', 'env-file', 'host', 'context'].includes(flag)) return []
  const { short } = globalFlags[flag as keyof typeof globalFlags]
  return words.flatMap((word, i) => (word === `--${flag}` || word === `-${short}` ? (words[i + 1] ?? []) : []))
}

const rootFlags: Flags = {
  version: { help: 'Print the version', short: 'v', parse: texts => texts.length > 0 },
}

async function find(name: string, called: Called): Promise<Command> {
  if (Object.hasOwn(commands, name)) return (await commands[name]!.load()).default
  if (Object.hasOwn(absent, name)) throw userError('absent-command', `"${name}" is not supported`, absent[name])
  const near = suggest(name, Object.keys(commands))
  throw userError(
    'unknown-command',
    // What follows "docker compose" is docker's to complain of, and scripts look for that.
    called.plugin === 'compose' ? `unknown docker command: "compose ${name}"` : `unknown command: "${name}"`,
    near ? `did you mean "${near}"?` : '"gantry --help" lists the commands',
  )
}

async function help(name: string | undefined, { called, stdout }: Surroundings): Promise<number> {
  const { program } = called
  const { commandHelp, help } = await import('./help.ts')
  const width = Math.min(stdout.columns || 100, 110)
  if (name === undefined) stdout.write(help(program, width))
  else {
    const command = await find(name, called)
    stdout.write(commandHelp(program, name, commands[name]!, command, width))
  }
  return 0
}
