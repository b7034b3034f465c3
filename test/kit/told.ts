/** What a command tells of one thing that is wrong, as JSON. */
export interface Told {
  readonly service: string
  readonly code: string
  readonly message: string
  readonly certainty?: string
  readonly fix?: string
  readonly at?: { readonly file: string; readonly line: number }
}

interface Line extends Told {
  readonly type?: string
  readonly error?: boolean
  /** Of a card. */
  readonly findings?: readonly Told[]
}

const linesOf = (stderr: string): readonly Line[] =>
  stderr
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line))

/** The causes that `--progress json` told. */
export const toldBy = (stderr: string): readonly Told[] =>
  linesOf(stderr).flatMap(line => (line.type === 'finding' ? [line] : (line.findings ?? [])))

/** The errors that `--progress json` told. */
export const errorsBy = (stderr: string): readonly Told[] => linesOf(stderr).filter(line => line.error)

/** The causes told of each service. */
export function causes(told: readonly Told[]): Readonly<Record<string, readonly string[]>> {
  const codes: Record<string, string[]> = {}
  for (const { service, code } of told) (codes[service] ??= []).push(code)
  return codes
}
