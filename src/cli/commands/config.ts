import { resolve } from 'node:path'
import { configEnvironment, configImages, configNames, configText, imagesText } from '../../actions/config/config.ts'
import { wouldDo } from '../../actions/would.ts'
import { writeFile } from '../../actions/write-file.ts'
import type { Loaded, LoadOptions } from '../../load/load.ts'
import { select } from '../../model/select.ts'
import { userError } from '../../text/problem.ts'
import type { App } from '../app.ts'
import { command, type Values } from '../command.ts'
import { flag } from '../flag.ts'
import { homeOf, lockedFlag, withLock } from '../locked.ts'

const flags = {
  environment: flag.boolean('Print the variables that files can use'),
  format: flag.choice('How to print it', ['yaml', 'json'], { complain: word => `unsupported format "${word}"` }),
  hash: flag.text('Print the hashes of these services, comma-separated, or of all ("*")', 'SERVICE,…'),
  images: flag.boolean('Print the names of images'),
  'lock-image-digests': flag.boolean('Print only the images of services, by digest, as a file to lay over the others'),
  ...lockedFlag,
  models: flag.boolean('Print the names of models'),
  networks: flag.boolean('Print the names of networks'),
  'no-consistency': flag.boolean('Do not check that what is named is declared'),
  'no-env-resolution': flag.boolean('Do not read env files of services'),
  'no-interpolate': flag.boolean('Leave variables as they are written'),
  'no-normalize': flag.boolean('Do not fill in defaults'),
  'no-path-resolution': flag.boolean('Leave paths as they are written'),
  output: flag.text('Write to this file', 'FILE', { short: 'o' }),
  profiles: flag.boolean('Print the names of profiles'),
  quiet: flag.boolean('Print nothing, only check', { short: 'q' }),
  'resolve-image-digests': flag.boolean('Ask registries which image each name stands for now, and print its digest'),
  services: flag.boolean('Print the names of services'),
  variables: flag.boolean('Print the variables that the files use'),
  volumes: flag.boolean('Print the names of volumes'),
}

export default command({
  operands: '[SERVICE...]',
  flags,
  async run({ flags, operands, app }) {
    const text = await result(flags, operands, app)
    if (text === undefined) return
    if (flags.output === undefined) return app.print(text)
    if (app.globals['dry-run'])
      return wouldDo(app.emit, { kind: 'file', name: flags.output, short: flags.output }, 'write')
    writeFile(resolve(app.cwd, flags.output), flags.output, text)
  },
})

/** What can be printed instead of the project. Of several the first is, as in docker compose. */
const parts = [
  'services',
  'volumes',
  'networks',
  'models',
  'hash',
  'profiles',
  'images',
  'variables',
  'environment',
] as const

/** What was asked for; nothing for `--quiet`, which is about the project as a whole. */
async function result(asked: Values<typeof flags>, services: readonly string[], app: App): Promise<string | undefined> {
  const only = parts.find(name => asked[name] !== false && asked[name] !== undefined)
  const lines = (names: readonly string[]) => names.map(name => `${name}\n`).join('')
  if (only === 'variables') {
    const { variablesTable } = await import('../../actions/config/variables.ts')
    return variablesTable(await app.loadOptions(), asked.format)
  }
  if (asked['no-interpolate'] && only !== 'environment') {
    if (only === 'hash')
      throw userError(
        'flags-clash',
        'no service has a hash before variables are filled in',
        'leave out --no-interpolate',
      )
    if (digests(asked) || asked.locked)
      throw userError(
        'flags-clash',
        'no image has a digest before variables are filled in',
        'leave out --no-interpolate',
      )
    if (services.length > 0)
      app.emit({
        type: 'problem',
        problem: {
          code: 'flag-ignored',
          severity: 'warning',
          message: 'with --no-interpolate all services are printed, named or not',
        },
      })
    const { rawConfig, rawNames } = await import('../../actions/config/raw.ts')
    if (only) return lines(await rawNames(await app.loadOptions({ without: stages(asked) }), only))
    if (asked.quiet) return void (await rawConfig(await app.loadOptions({ without: stages(asked) }), 'yaml'))
    return rawConfig(await app.loadOptions({ without: stages(asked) }), asked.format ?? 'yaml')
  }
  const { project } = await withDigests(
    asked,
    await withLock(app, asked.locked, await app.load({ services, without: stages(asked) })),
    app,
  )
  const part = select(project, { services, allResources: app.globals['all-resources'] })
  const separator = (await app.loadOptions()).separator ?? '-'
  if (only === 'hash') {
    const { configHashes } = await import('../../actions/config/hashes.ts')
    return lines(configHashes(project, asked.hash!))
  }
  if (only === 'images') return lines(configImages(part, separator))
  if (only === 'environment') return lines(configEnvironment(project))
  if (only) return lines(configNames(only === 'profiles' ? project : part, only))
  if (asked.quiet) return undefined
  if (asked['lock-image-digests']) return imagesText(part, asked.format ?? 'yaml')
  return configText(part, { format: asked.format ?? 'yaml', escape: true })
}

const digests = (asked: Values<typeof flags>) => asked['resolve-image-digests'] || asked['lock-image-digests']

async function withDigests(asked: Values<typeof flags>, loaded: Loaded, app: App): Promise<Loaded> {
  if (!digests(asked)) return loaded
  const { resolved, withoutLock } = await import('../../actions/images/digests.ts')
  if (asked['lock-image-digests'])
    for (const problem of withoutLock(loaded.project, loaded.origin)) app.emit({ type: 'problem', problem })
  const project = await resolved(loaded.project, {
    registry: { env: app.env, home: homeOf(app), signal: app.signal },
    origin: loaded.origin,
    report: problem => app.emit({ type: 'problem', problem }),
  })
  return { ...loaded, project }
}

function stages(asked: Values<typeof flags>): NonNullable<LoadOptions['without']> {
  const names = ['interpolate', 'normalize', 'path-resolution', 'consistency', 'env-resolution'] as const
  return new Set(names.filter(name => asked[`no-${name}`]))
}
