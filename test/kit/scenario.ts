import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { inject, test } from 'vitest'
import { type Bystander, bystander, type Inspected } from './engine-api.ts'
import type { Terminal } from './terminal.ts'

const main = resolve('src/cli/main.ts')

/** A stage for one promise: a project of its own, run by the real command on a real engine, watched by a bystander. */
export interface Scene {
  readonly project: string
  /** A copy of the scenario's files, which the scenario may change. */
  readonly folder: string
  readonly engine: Bystander
  /** As DOCKER_HOST wants it. */
  readonly host: string
  /** Runs the command line, split at blanks, and expects exit code 0 or the one given. */
  gantry(line: string, options?: RunOptions): Promise<Ended>
  /** Starts it and lets it run. */
  start(line: string, options?: RunOptions): Running
  /** Types it into a shell on a terminal. */
  terminal(line: string, options?: TerminalSize): Promise<Terminal>
  /** Replaces a text that stands exactly once in a file of the folder. */
  edit(file: string, from: string, to: string): Promise<void>
  containers(service?: string): Promise<Inspected[]>
  /** The only container of a service; fails where there is none, or more. */
  container(service: string): Promise<Inspected>
  /** "web-1 running", in order of name. */
  states(service?: string): Promise<string[]>
  /** What a command prints in the only container of a service; fails where it fails. */
  inside(service: string, ...command: string[]): Promise<string>
  /** Has something done at the end, once the scene's containers are gone. */
  afterwards(tidy: () => Promise<unknown>): void
  /** Resolves with what `look` gives, once `until` holds for it. */
  eventually<T>(look: () => Promise<T>, until: (seen: T) => boolean): Promise<T>
}

interface TerminalSize {
  readonly columns?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string>>
}

export interface RunOptions {
  /** The code expected: 0. */
  readonly exit?: number
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  /** The scene's folder without it. */
  readonly cwd?: string
  /** What Node runs instead of the command's source. */
  readonly main?: string
}

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  /** Both streams so far, as they came. */
  output(): string
  /** Resolves once the output holds the text; fails where the command ends before, or a minute goes by. */
  says(text: string | RegExp): Promise<void>
  signal(signal: NodeJS.Signals): void
  /** Reads no more of its standard output. */
  leave(): void
  readonly ended: Promise<Ended>
}

/**
 * A promise kept against a real engine. Its files are in fixtures/scenario/`slug`, or in `from`. The project's name is the scene's
 * own, and all that bears it is removed before and after. A failure leaves what was said and seen in .artifacts/`slug`.
 */
export function scenario(
  promise: string,
  slug: string,
  play: (scene: Scene) => Promise<void>,
  { from = join('fixtures/scenario', slug), env = () => ({}), missing }: Elsewhere = {},
): void {
  test(promise, async ({ skip }) => {
    if (missing !== undefined) skip(missing)
    const folder = await mkdtemp(join(tmpdir(), `gantry-${slug}-`))
    const project = `gantry-${slug}-${randomBytes(3).toString('hex')}`
    const engine = bystander(inject('engine'))
    const story: string[] = []
    const tidying: (() => Promise<unknown>)[] = []
    const scene = stage(project, folder, engine, story, env(), tidying)
    const tidyUp = async () => {
      await engine.clear(project)
      for (const tidy of tidying) await tidy()
      await rm(folder, { recursive: true, force: true })
    }
    try {
      await cp(from, folder, { recursive: true })
      await engine.clear(project)
      await play(scene)
    } catch (error) {
      await keep(slug, project, folder, engine, story, error).catch(() => undefined)
      // What failed first is what is told, not what tidying up says after it.
      await tidyUp().catch(() => undefined)
      throw error
    }
    await tidyUp()
  })
}

interface Elsewhere {
  readonly from?: string
  /** What the machine lacks; the scenario is then skipped by this name. */
  readonly missing?: string
  /** Variables for every command, known once the test runs. */
  readonly env?: () => Readonly<Record<string, string>>
}

function stage(
  project: string,
  folder: string,
  engine: Bystander,
  story: string[],
  more: Readonly<Record<string, string>>,
  tidying: (() => Promise<unknown>)[],
): Scene {
  const host = inject('engine')
  const images = Object.entries(inject('images')).map(([image, name]) => [image.toUpperCase(), name])
  // Nothing of the machine's own settings reaches the command but what it needs to run.
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    DOCKER_HOST: host,
    COMPOSE_PROJECT_NAME: project,
    ...Object.fromEntries(images),
  }

  const scene: Scene = {
    project,
    folder,
    engine,
    host,
    afterwards: tidy => void tidying.push(tidy),
    async gantry(line, options = {}) {
      const ended = await scene.start(line, options).ended
      const { exit = 0 } = options
      if (ended.code !== exit)
        throw new Error(`gantry ${line}: exit code ${ended.code}, not ${exit}\n${ended.stdout}${ended.stderr}`)
      return ended
    },
    start(line, options = {}) {
      // Behind the dashes, as the launcher does it: Node would look for the file of our --env-file itself.
      const child = spawn(process.execPath, ['--', options.main ?? main, ...line.split(' ').filter(Boolean)], {
        cwd: options.cwd ?? folder,
        env: { ...environment, ...more, ...options.env },
      })
      child.stdin.on('error', () => {}) // a command that does not read its input may end before it is written
      child.stdin.end(options.stdin ?? '')
      let stdout = ''
      let stderr = ''
      let both = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => void ((stdout += text), (both += text)))
      child.stderr.setEncoding('utf8').on('data', (text: string) => void ((stderr += text), (both += text)))
      const ended = new Promise<Ended>((done, failed) => {
        child.on('error', failed)
        child.on('close', (code, signal) => {
          story.push(`$ gantry ${line}\n${both}[${code ?? signal}]\n`)
          done({ code: code ?? -1, stdout, stderr })
        })
      })
      return {
        output: () => both,
        signal: signal => void child.kill(signal),
        leave: () => void child.stdout.destroy(),
        ended,
        says: text =>
          new Promise((done, failed) => {
            const fail = (why: string) =>
              failed(new Error(`gantry ${line} ${why} before it said ${String(text)}:\n${both}`))
            const timer = setTimeout(() => fail('let a minute go by'), 60_000)
            const look = () => {
              if (typeof text === 'string' ? !both.includes(text) : !text.test(both)) return
              clearTimeout(timer)
              done()
            }
            child.stdout.on('data', look)
            child.stderr.on('data', look)
            void ended.then(() => fail('ended'))
            look()
          }),
      }
    },
    async terminal(line, { env, ...size } = {}) {
      const { terminal } = await import('./terminal.ts')
      const command = [process.execPath, '--', main, ...line.split(' ').filter(Boolean)]
      const opened = terminal(command, { cwd: folder, env: { ...environment, ...more, ...env }, ...size })
      const told = () => void story.push(`$ gantry ${line}\n${opened.output()}\n`)
      opened.ended.then(told, told)
      return opened
    },
    async edit(file, before, after) {
      const path = join(folder, file)
      const parts = (await readFile(path, 'utf8')).split(before)
      if (parts.length !== 2)
        throw new Error(`${file} holds ${JSON.stringify(before)} ${parts.length - 1} times, not once`)
      await writeFile(path, parts.join(after))
    },
    async containers(service) {
      const all = await engine.containers(project)
      return all.filter(
        ({ Config }) => service === undefined || Config.Labels['com.docker.compose.service'] === service,
      )
    },
    async container(service) {
      const all = await scene.containers(service)
      if (all.length !== 1) throw new Error(`${service} has ${all.length} containers, not one`)
      return all[0]!
    },
    async states(service) {
      const all = await scene.containers(service)
      return all.map(({ Name, State }) => `${Name.replace(`/${project}-`, '')} ${State.Status}`)
    },
    async inside(service, ...command) {
      const { code, output } = await engine.exec((await scene.container(service)).Id, command)
      if (code !== 0) throw new Error(`${command.join(' ')} in ${service}: exit code ${code}\n${output}`)
      return output.trim()
    },
    async eventually(look, until) {
      const end = Date.now() + 45_000
      for (;;) {
        const seen = await look()
        if (until(seen)) return seen
        if (Date.now() > end) throw new Error(`not within 45 seconds; last seen: ${JSON.stringify(seen)}`)
        await new Promise(next => setTimeout(next, 50))
      }
    },
  }
  return scene
}

/** What a person needs to understand a failure without running it again. */
async function keep(
  slug: string,
  project: string,
  folder: string,
  engine: Bystander,
  story: readonly string[],
  error: unknown,
): Promise<void> {
  const kept = join('.artifacts', slug)
  await rm(kept, { recursive: true, force: true })
  await mkdir(kept, { recursive: true })
  await cp(folder, join(kept, 'files'), { recursive: true })
  await writeFile(
    join(kept, 'story.txt'),
    `${story.join('\n')}\n${error instanceof Error ? error.stack : String(error)}\n`,
  )
  const containers = await engine.containers(project)
  await writeFile(join(kept, 'containers.json'), JSON.stringify(containers, undefined, 2))
  for (const { Id, Name } of containers) await writeFile(join(kept, `${Name.slice(1)}.log`), await engine.logs(Id))
  if (error instanceof Error) error.message += `\n\n${story.join('\n')}\nmore in ${kept}`
}
