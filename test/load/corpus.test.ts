import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { configText } from '../../src/actions/config/config.ts'
import { rawConfig } from '../../src/actions/config/raw.ts'
import { memory } from '../../src/load/files.ts'
import { type LoadOptions, load } from '../../src/load/load.ts'
import type { Stage } from '../../src/load/options.ts'
import type { Part } from '../../src/load/remote/remote.ts'
import { hidden } from '../../src/model/hidden.ts'
import { select } from '../../src/model/select.ts'
import { frame } from '../../src/text/frame.ts'
import { type Problem, UserError, userError } from '../../src/text/problem.ts'
import { position } from '../../src/text/source.ts'

/**
 * Each folder of fixtures/corpus is a project named for what it shows, with `expected.txt`: its warnings or errors, and what `config`
 * prints. `env` holds variables of the process, `args.json` options of the loader, `parts.json` which file in the folder stands for
 * which remote part. `vitest -u` writes what is expected anew.
 */
const corpus = 'fixtures/corpus'
const directory = '/srv/demo'

test.each(readdirSync(corpus))('%s', async name => {
  await expect(await outcome(join(corpus, name))).toMatchFileSnapshot(join('../..', corpus, name, 'expected.txt'))
})

async function outcome(folder: string): Promise<string> {
  const inputs = globSync('**/*', { cwd: folder, exclude: ['expected.txt', 'env', 'args.json', 'parts.json'] }).concat(
    globSync('**/.*', { cwd: folder }),
  )
  const files = inputs
    .filter(path => !readdirSyncSafe(join(folder, path)))
    .map(path => [join(directory, path), readFileSync(join(folder, path))] as const)
  const env = existsSync(join(folder, 'env')) ? readFileSync(join(folder, 'env'), 'utf8').trim().split('\n') : []
  const { without, ...args } = existsSync(join(folder, 'args.json'))
    ? (JSON.parse(readFileSync(join(folder, 'args.json'), 'utf8')) as Args)
    : {}
  const variables = env.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const)
  const options: LoadOptions = {
    cwd: directory,
    env: { HOME: '/home/me', ...Object.fromEntries(variables) },
    filesystem: memory(Object.fromEntries(files)),
    fetch: reference => partOf(folder, reference),
    ...args,
    ...(without && { without: new Set(without) }),
  }
  try {
    if (without?.includes('interpolate')) return await rawConfig(options, 'yaml')
    const { project, problems } = await load(options)
    const text = configText(select(project, { services: args.services ?? [] }), { format: 'yaml', escape: true })
    return [...problems.map(told), text].join('\n')
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return error.problems.map(told).join('\n')
  }
}

type Args = Partial<Omit<LoadOptions, 'without'>> & { readonly without?: readonly Stage[] }

/** The folder of a part is that of its file. */
async function partOf(folder: string, reference: string): Promise<Part> {
  const parts = JSON.parse(readFileSync(join(folder, 'parts.json'), 'utf8')) as Record<string, string>
  const path = parts[reference]
  if (path === undefined) throw userError('no-part', `there is no "${reference}"`)
  return { folder: dirname(join(directory, path)), file: join(directory, path) }
}

function readdirSyncSafe(path: string): boolean {
  return existsSync(join(path, '.')) && globSync('*', { cwd: path }).length + globSync('.*', { cwd: path }).length > 0
}

function told({ severity, code, message, hint, at, notes = [] }: Problem): string {
  const place = (span: NonNullable<Problem['at']>) =>
    `${relative('.', span.source.name)}:${position(span).line}:${position(span).column}`
  return [
    `${at ? `${place(at)}: ` : ''}${severity}: ${message} [${code}]`,
    ...(at ? [frame(at, 1, hidden)] : []),
    ...(hint === undefined ? [] : [`  -> ${hint}`]),
    ...notes.map(note => `${place(note.at)}: ${note.message}\n${frame(note.at, 0, hidden)}`),
    '',
  ].join('\n')
}
