import { type Speaking, speak } from './speak.ts'

export type ProviderCommand = 'up' | 'down' | 'stop'
export type ProviderOptions = Readonly<Record<string, readonly string[]>>

/** What a provider says of itself; one that says nothing takes any option. */
export interface ProviderMetadata {
  readonly description?: string
  readonly up?: CommandMetadata
  readonly down?: CommandMetadata
  readonly stop?: CommandMetadata
}

interface CommandMetadata {
  readonly parameters?: readonly { readonly name: string; readonly required?: boolean | string }[]
}

export interface ProviderCall extends Speaking {
  readonly program: string
  readonly type: string
  readonly project: string
  readonly service: string
  readonly command: ProviderCommand
  readonly options: ProviderOptions
  readonly metadata: ProviderMetadata
}

/** Variables for those that depend on the service: `own` get its name before them, `raw` not. */
export interface Provided {
  readonly own: Readonly<Record<string, string>>
  readonly raw: Readonly<Record<string, string>>
}

/** Providers need not have metadata: whatever is wrong with the answer, there is none. */
export async function providerMetadata(program: string, speaking: Speaking): Promise<ProviderMetadata> {
  const lines: string[] = []
  const { code } = await speak(program, ['compose', 'metadata'], speaking, line => void lines.push(line))
  if (code !== 0) return {}
  try {
    const value: unknown = JSON.parse(lines.join('\n'))
    return value !== null && typeof value === 'object' ? value : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

/** Parameters that a provider requires of a command and a file does not give. */
export function missingParameters(
  metadata: ProviderMetadata,
  command: ProviderCommand,
  options: ProviderOptions,
): readonly string[] {
  const parameters = metadata[command]?.parameters ?? []
  return parameters.filter(p => String(p.required) === 'true' && !Object.hasOwn(options, p.name)).map(p => p.name)
}

/** Options that a command does not declare stay at home: `size` may be for `up` alone. */
export function providerArguments(
  call: Pick<ProviderCall, 'project' | 'service' | 'command' | 'options' | 'metadata'>,
): readonly string[] {
  const { project, service, command, options, metadata } = call
  const says = metadata.description || metadata.up?.parameters || metadata.down?.parameters || metadata.stop?.parameters
  const declared = new Set((metadata[command]?.parameters ?? []).map(p => p.name))
  const passed = Object.entries(options).filter(([name]) => !says || declared.has(name))
  const flags = passed.flatMap(([name, values]) => values.map(value => `--${name}=${value}`))
  return ['compose', `--project-name=${project}`, command, ...flags, service]
}

/** Has a provider bring its service up or take it away. Throws with the provider's own words where it fails. */
export async function callProvider(call: ProviderCall, onInfo: (text: string) => void): Promise<Provided> {
  const own: Record<string, string> = {}
  const raw: Record<string, string> = {}
  const failures: string[] = []
  const set = (into: Record<string, string>, text: string) => {
    const at = text.indexOf('=')
    if (at < 1) failures.push('it set a variable without a name')
    else into[text.slice(0, at)] = text.slice(at + 1)
  }
  const { code, complaint } = await speak(call.program, providerArguments(call), call, line => {
    const { type, message } = messageOf(line)
    if (type === 'info') onInfo(message)
    else if (type === 'error') failures.push(message)
    else if (type === 'setenv') set(own, message)
    else if (type === 'rawsetenv') set(raw, message)
    else if (type !== 'debug') failures.push(`invalid response from plugin: ${JSON.stringify(line.slice(0, 80))}`)
  })
  const [why = code === 0 ? undefined : complaint || `it exited with ${code}`] = failures
  if (why === undefined) return { own, raw }
  const verb = { up: 'create', down: 'remove', stop: 'stop' }[call.command]
  throw new Error(`failed to ${verb} service "${call.service}" through provider "${call.type}": ${why}`)
}

function messageOf(line: string): { readonly type?: string; readonly message: string } {
  try {
    const value = JSON.parse(line) as { type?: unknown; message?: unknown } | null
    const { type, message } = value ?? {}
    return typeof type === 'string' && typeof message === 'string' ? { type, message } : { message: '' }
  } catch (error) {
    if (error instanceof SyntaxError) return { message: '' }
    throw error
  }
}
