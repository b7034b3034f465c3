import { withoutCredentials } from '../../base/url-credentials.ts'
import { looksSecret, mask } from '../../model/secrets.ts'
import type { LoadOptions } from '../options.ts'
import type { Reading } from '../reading.ts'
import { variablesOf } from '../variables/interpolate.ts'
import type { Environment } from '../variables/variables.ts'
import { remoteKind } from './remote.ts'

/** What somebody should know before a project that lies elsewhere is run here. */
export interface RemoteUse {
  /** As it was named, without credentials. */
  readonly reference: string
  /** Where its files are kept on this machine. Absolute. */
  readonly folder: string
  /** Other parts that it brings in from elsewhere. */
  readonly parts: readonly string[]
  readonly variables: readonly RemoteVariable[]
}

/** A variable that the files from elsewhere take from here. */
export interface RemoteVariable {
  readonly name: string
  /** Stars where the name tells of a secret; undefined where it is set nowhere. */
  readonly value: string | undefined
  readonly source: 'environment' | 'env file' | 'default' | undefined
  readonly default: string
  readonly required: boolean
}

/** What a project takes from elsewhere and from here; undefined unless its first file is no file of this machine. */
export function remoteUse(
  files: readonly string[],
  environment: Environment,
  options: LoadOptions,
  { remote, documents }: Reading,
): RemoteUse | undefined {
  const [first] = files
  if (first === undefined || !remoteKind(first)) return undefined
  const parts = remote.parts()
  const references = [...documents]
    .filter(([path]) => remote.foldersOf(path))
    .flatMap(([, nodes]) => nodes.flatMap(variablesOf))
  const variables = new Map<string, RemoteVariable>()
  for (const { name, operator, wordText } of references) {
    const before = variables.get(name)
    const value = environment[name]
    const fallback = operator?.endsWith('-') ? wordText : (before?.default ?? '')
    const source =
      value === undefined
        ? fallback
          ? 'default'
          : undefined
        : options.env[name] === undefined
          ? 'env file'
          : 'environment'
    const shown = value ?? (fallback || undefined)
    variables.set(name, {
      name,
      value: shown && looksSecret(name) ? mask : shown,
      source,
      default: looksSecret(name) && fallback ? mask : fallback,
      required: operator?.endsWith('?') || (before?.required ?? false),
    })
  }
  return {
    reference: withoutCredentials(first),
    folder: parts.get(first)?.folder ?? '',
    parts: [...parts.keys()].filter(name => !files.includes(name)).map(withoutCredentials),
    variables: [...variables.values()].toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
  }
}
