import { relative, resolve } from 'node:path'
import { type Problem, userError } from '../../text/problem.ts'
import { table } from '../../ui/table.ts'
import type { App } from '../app.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[TEMPLATE] [DIR]',
  flags: {
    force: flag.boolean('Replace files that are there and differ; secrets are kept'),
    format: flag.choice('How to print the list', ['table', 'json']),
    list: flag.boolean('List the templates that come with it'),
    yes: flag.boolean('Without TEMPLATE, write what is proposed', { short: 'y' }),
  },
  async run({ flags, operands: [named, where], app }) {
    if (flags.list) return list(app, flags.format ?? 'table')
    if (flags.format !== undefined) throw userError('flags-clash', '--format is for --list')
    const { file, 'project-directory': project } = app.globals
    if (file.length > 0)
      throw userError(
        'flags-clash',
        'init makes a Compose file, and takes no --file',
        'name a directory: gantry init TEMPLATE DIR',
      )
    const directory = resolve(app.cwd, project ?? '.', where ?? '.')
    const chosen =
      named === undefined
        ? await proposed(app, directory, flags.yes)
        : { template: await templateOf(app, named), services: [] }
    if (chosen === undefined) return 130
    const { template, services } = chosen
    const { init } = await import('../../actions/init/init.ts')
    const { emit, globals } = app
    const dryRun = globals['dry-run']
    const changes = init(template, { directory, emit, force: flags.force, dryRun })
    if (dryRun) return
    const { pageOf } = await import('../../actions/init/template.ts')
    tell(app, summary(changes.length, relative(app.cwd, directory), { page: pageOf(template), services }))
  },
})

async function list(app: App, format: 'table' | 'json'): Promise<void> {
  const { shippedProjects } = await import('../../actions/init/projects.ts')
  const all = await shippedProjects()
  if (format === 'json') app.print(`${JSON.stringify(all, undefined, 2)}\n`)
  else
    app.print(
      table(
        ['NAME', 'SUMMARY'],
        all.map(({ name, summary }) => [name, summary]),
      ),
    )
}

async function templateOf(app: App, named: string) {
  const { isPlace, templateAt } = await import('../../actions/init/fetched.ts')
  if (isPlace(named)) return templateAt(named, { env: app.env, cwd: app.cwd, signal: app.signal })
  const { shippedProject } = await import('../../actions/init/projects.ts')
  return shippedProject(named)
}

/** What fits the files that are there, once whoever sits here agrees; where nothing is there, the template that they name. */
async function proposed(app: App, directory: string, yes: boolean) {
  const { proposal } = await import('../../actions/init/propose.ts')
  const asks = app.stdin.isTTY && app.stderr.isTTY
  const found = proposal(directory)
  if (found === undefined) {
    if (asks && !yes) return pick(app)
    throw userError(
      'nothing-found',
      'nothing is here that says what to run: no Dockerfile, package.json, requirements.txt, pyproject.toml, go.mod or index.html',
      'name a template: "gantry init --list" lists them',
    )
  }
  const { template } = found
  tell(app, [`found ${found.found.join(' and ')}; proposed ${template.name}: ${[...template.files.keys()].join(', ')}`])
  if (yes || app.globals['dry-run']) return found
  if (!asks)
    throw userError(
      'consent-needed',
      'nobody can be asked here whether to write this',
      'say --yes, look first with --dry-run, or name a template',
    )
  return (await app.asking(false)({ id: 'init', ask: 'Write these files?' })) ? found : undefined
}

async function pick(app: App) {
  await list(app, 'table')
  const { answerTo } = await import('../question.ts')
  const named = await answerTo('Which one? ', app, app.signal)
  return named === '' ? undefined : { template: await templateOf(app, named), services: [] }
}

/** A reader of JSON is told in events. */
function tell(app: App, lines: readonly string[]): void {
  if (app.look.progress === 'quiet') return
  if (app.look.progress !== 'json') return void app.stderr.write(`${lines.join('\n')}\n`)
  const problem: Problem = { code: 'init', severity: 'info', message: lines.join('\n') }
  app.emit({ type: 'problem', problem })
}

interface Next {
  readonly page: string | undefined
  readonly services: readonly string[]
}

function summary(files: number, folder: string, { page, services }: Next): readonly string[] {
  if (files === 0) return ['all of it is there already: nothing was written']
  const enter = folder === '' ? '' : `cd ${folder} && `
  return [
    `${files} ${files === 1 ? 'file' : 'files'} written${folder === '' ? '' : ` in ${folder}`}`,
    ...(services.length > 0
      ? [`the code seems to use ${services.join(' and ')}: ${enter}gantry add ${services.join(' ')}`]
      : []),
    `next: ${enter}gantry up --detach --wait${page === undefined ? '' : `, then open ${page}`}`,
  ]
}
