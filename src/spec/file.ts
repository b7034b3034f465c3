import type { FileObject, Json, Model, Network, Service, Volume } from '../model/project.ts'
import { dict } from '../text/node.ts'
import { fields } from './fields.ts'
import { list, orOne, texts } from './list.ts'
import { named } from './named.ts'
import { namePattern } from './names.ts'
import { record } from './record.ts'
import { config, model, network, secret, volume } from './resource.ts'
import { text } from './scalar.ts'
import { service } from './service.ts'
import { oneOf, type Shape, short } from './shape.ts'
import { scalarText, warn } from './wrong.ts'

/** What one tree of files decodes to. Names of resources are as written: the rest of loading fills them in. */
export interface ComposeFile {
  readonly name?: string
  readonly version?: string
  readonly include?: readonly Include[]
  readonly services?: Readonly<Record<string, Service>>
  readonly networks?: Readonly<Record<string, Network>>
  readonly volumes?: Readonly<Record<string, Volume>>
  readonly secrets?: Readonly<Record<string, FileObject>>
  readonly configs?: Readonly<Record<string, FileObject>>
  readonly models?: Readonly<Record<string, Model>>
  readonly extensions?: Readonly<Record<string, Json>>
}

export interface Include {
  readonly path?: readonly string[]
  readonly project_directory?: string
  readonly env_file?: readonly string[]
}

const longInclude = record<Include>(
  { path: orOne(texts), project_directory: text, env_file: orOne(texts) },
  { extensions: false, expects: 'a path, or a mapping' },
)

const include: Shape<Include> = short(longInclude, { schema: oneOf({ type: 'string' }, longInclude.schema) }, node =>
  node.kind === 'scalar' && typeof node.value === 'string'
    ? dict(fields({ path: scalarText(node) }, node), node.at)
    : node,
)

const version: Shape<string> = {
  ...text,
  canon(node, context) {
    warn('obsolete', 'the attribute "version" is obsolete and has no effect', node.at, context, 'remove it')
    return text.canon(node, context)
  },
}

const names = { pattern: namePattern }

/** The whole language. */
export const compose: Shape<ComposeFile> = record<ComposeFile>({
  name: text,
  version,
  include: list(include, { expects: 'a list of files' }),
  services: named(service, { ...names, expects: 'a mapping of services' }),
  networks: named(network, { checked: namePattern, expects: 'a mapping of networks' }),
  volumes: named(volume, { ...names, expects: 'a mapping of volumes' }),
  secrets: named(secret, { ...names, expects: 'a mapping of secrets' }),
  configs: named(config, { ...names, expects: 'a mapping of configs' }),
  models: named(model, { checked: namePattern, expects: 'a mapping of models' }),
})
