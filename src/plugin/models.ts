import { type Speaking, speak } from './speak.ts'

export interface Runner extends Speaking {
  /** The docker-model plugin. */
  readonly program: string
}

/** Names of the models that are there. */
export async function localModels(runner: Runner): Promise<ReadonlySet<string>> {
  const listed = (await answered(runner, ['ls', '--json'])) as readonly { readonly tags?: readonly string[] }[] | null
  return new Set((listed ?? []).flatMap(({ tags }) => (tags ?? []).map(plainModelName)))
}

/** Where models answer; undefined as long as no runner does. */
export async function modelsEndpoint(runner: Runner): Promise<string | undefined> {
  const { endpoint } = ((await answered(runner, ['status', '--json'])) ?? {}) as { readonly endpoint?: string }
  return endpoint || undefined
}

export async function pullModel(runner: Runner, model: string, onProgress: (text: string) => void): Promise<void> {
  await asked(runner, ['pull', model], onProgress)
}

export async function configureModel(
  runner: Runner,
  model: string,
  { context_size, runtime_flags = [] }: { readonly context_size?: number; readonly runtime_flags?: readonly string[] },
): Promise<void> {
  const size = context_size ? ['--context-size', String(context_size)] : []
  const flags = runtime_flags.length > 0 ? ['--', ...runtime_flags] : []
  await asked(runner, ['configure', ...size, model, ...flags], () => {})
}

/** One name for `ai/smollm2`, `ai/smollm2:latest` and `docker.io/ai/smollm2:latest`. */
export function plainModelName(name: string): string {
  return name.replace(/^(index\.)?docker\.io\//, '').replace(/:latest$/, '')
}

async function answered(runner: Runner, args: readonly string[]): Promise<unknown> {
  const lines: string[] = []
  await asked(runner, args, line => void lines.push(line))
  try {
    return JSON.parse(lines.join('\n')) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) throw new Error(`docker model ${args[0]} did not answer in JSON`)
    throw error
  }
}

async function asked(runner: Runner, args: readonly string[], onLine: (line: string) => void): Promise<void> {
  const { code, complaint } = await speak(runner.program, args, runner, onLine)
  if (code !== 0) throw new Error(`docker model ${args[0]} failed: ${complaint || `it exited with ${code}`}`)
}
