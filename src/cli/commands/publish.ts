import { userError } from '../../text/problem.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'
import { homeOf } from '../locked.ts'

export default command({
  operands: 'REPOSITORY[:TAG]',
  flags: {
    app: flag.boolean('Copy the images into the same repository as well, and name them by digest'),
    'insecure-registry': flag.boolean('The registry may speak http', { hidden: true }),
    'oci-version': flag.choice('The form of the artifact; without it, what the registry takes', ['1.0', '1.1']),
    'resolve-image-digests': flag.boolean('The images as they are now, by digest'),
    'with-env': flag.boolean('Publish env files and values of variables as well'),
    y: flag.boolean('Old spelling of --yes', { hidden: true }),
    yes: flag.boolean('Publish what would be asked about', { short: 'y' }),
  },
  async run({ flags, operands: [named = ''], app }) {
    const reference = named.replace(/^oci:\/\//, '')
    const { project, origin } = await app.load({ all_profiles: true })
    const { publish } = await import('../../actions/images/publish.ts')
    const { digest, agreed } = await publish(project, reference, {
      emit: app.emit,
      signal: app.signal,
      ask: app.asking(flags.yes || flags.y),
      dryRun: app.globals['dry-run'],
      // Only where an image is to be pushed.
      actions: async () => ({ ...(await app.actions()), engine: await app.engine() }),
      cwd: app.cwd,
      origin,
      registry: {
        env: app.env,
        home: homeOf(app),
        signal: app.signal,
        ...(flags['insecure-registry'] && { insecure: true }),
      },
      withEnv: flags['with-env'],
      app: flags.app,
      digests: flags['resolve-image-digests'],
      ...(flags['oci-version'] && { ociVersion: flags['oci-version'] }),
    })
    if (!agreed) {
      app.emit({
        type: 'problem',
        problem: userError('not-agreed', 'nothing was published', '--yes agrees to all of it').problems[0]!,
      })
      return 130
    }
    if (digest !== undefined) app.print(`oci://${reference}@${digest}\n`)
  },
})
