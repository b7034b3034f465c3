import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, inject, test } from 'vitest'
import { bystander } from '../kit/engine-api.ts'
import { differences } from '../parity/transcript-differences.ts'

const file = resolve('../shared/cli/transcripts.jsonl')

/** What the transcripts call "busybox", which an engine may not have under that name, and which is not ours to give there. */
const busybox = 'gantry-transcripts/busybox'
const here = (text: string) => text.replaceAll(/(image: |FROM )busybox\b/g, `$1${busybox}`)

interface Row {
  readonly project: string
  readonly args: readonly string[]
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
  readonly wrote?: readonly [string, string]
  readonly interrupted_after_ms?: number
}

test.skipIf(!existsSync(file))(
  'every command that docker compose was asked ends alike and says what docker compose says',
  { timeout: 900_000 },
  async () => {
    const [head, ...rest] = readFileSync(file, 'utf8').trim().split('\n')
    const { projects } = JSON.parse(head!) as { projects: Record<string, Record<string, string>> }
    const rows = rest.map(line => JSON.parse(line) as Row)
    const folder = await mkdtemp(join(tmpdir(), 'gantry-transcripts-'))
    const engine = bystander(inject('engine'))
    const found: string[] = []
    await engine.call('POST', `/images/${inject('images').busybox}/tag?repo=${busybox}&tag=latest`)
    try {
      for (const [project, files] of Object.entries(projects)) {
        await mkdir(join(folder, project))
        for (const [name, text] of Object.entries(files)) await writeFile(join(folder, project, name), here(text))
        await engine.clear(project)
      }
      // Under the name by which scripts call it.
      await symlink(resolve('src/cli/main.ts'), join(folder, 'docker-compose'))
      for (const [i, row] of rows.entries()) {
        if (row.wrote) await writeFile(join(folder, row.project, row.wrote[0]), here(row.wrote[1]))
        found.push(...differing(i + 1, row, await played(row, folder), folder))
      }
    } finally {
      for (const project of Object.keys(projects)) await engine.clear(project)
      await engine.call('DELETE', `/images/${busybox}`)
      await rm(folder, { recursive: true, force: true })
    }
    expect(found).toEqual([])
  },
)

type Ended = Pick<Row, 'exit' | 'stdout' | 'stderr'>

function played(row: Row, folder: string): Promise<Ended> {
  const child = spawn(process.execPath, ['--', join(folder, 'docker-compose'), ...row.args], {
    cwd: join(folder, row.project),
    env: { PATH: process.env['PATH'], HOME: folder, DOCKER_HOST: inject('engine'), ...row.env },
  })
  child.stdin.on('error', () => {}) // a command that does not read its input may end before it is written
  child.stdin.end(row.stdin ?? '')
  const ended = { stdout: '', stderr: '' }
  // Interrupted once all has been said that will be: the transcript's times are those of a program that starts at once.
  let after = row.interrupted_after_ms
  let stop: NodeJS.Timeout | undefined
  const interrupt = (wait: number) => {
    clearTimeout(stop)
    stop = setTimeout(() => {
      after = undefined
      child.kill('SIGINT')
    }, wait)
  }
  if (after !== undefined) interrupt(20_000)
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      ended[stream] += text
      if (after !== undefined) interrupt(after + 1500)
    })
  const kill = setTimeout(() => child.kill('SIGKILL'), 45_000)
  return new Promise(done =>
    child.on('close', exit => {
      clearTimeout(stop)
      clearTimeout(kill)
      done({ exit, ...ended })
    }),
  )
}

/** What docker compose did or said and ours did not, but for what differs on purpose. */
function differing(line: number, theirs: Row, ours: Ended, folder: string): string[] {
  const known = differences.filter(difference => difference.lines.includes(line))
  const told = `${line} ${theirs.args.join(' ')}`
  const exits = [theirs.exit, ...known.flatMap(({ exit }) => exit ?? [])]
  const out = exits.includes(ours.exit) ? [] : [`${told}: exit code ${ours.exit}, not ${theirs.exit}`]
  const excused = (text: string) => known.some(({ without }) => without?.test(text) ?? true)
  for (const stream of ['stdout', 'stderr'] as const) {
    const have = comparable(ours[stream], folder)
    for (const text of comparable(theirs[stream], '/srv/vectors').split('\n'))
      if (text !== '' && !excused(text) && !contains(have, text)) out.push(`${told}: ${stream} lacks ${text}`)
  }
  return out
}

/** With what changes from run to run, and from engine to engine, named: ids, times, sizes, addresses. */
function comparable(text: string, folder: string): string {
  return text
    .replaceAll(folder, '<folder>')
    .replaceAll(busybox, 'busybox')
    .replaceAll('<64 hex>', '<id>')
    .replaceAll('<12 hex>', '<id>')
    .replace(/\b([0-9a-f]{64}|[0-9a-f]{12})\b/g, '<id>')
    .replace(/(\d+ (seconds?|minutes?|hours?|days?|weeks?|months?)|Less than a second|About an? \w+)/g, '<span>')
    .replace(/(0\.0\.0\.0|\[::\]):\d+/g, '<address>')
    .replace(/\d{4}-\d\d-\d\d[T ][\d:.]+(Z| \+0000 UTC)?/g, '<time>')
    .replace(/\b[\d.]+([kKMG]i?)?B\b|[\d.]+%/g, '<size>')
    .split('\n')
    .map(said)
    .map(line => (/ \/sbin\/docker-init| (sleep|httpd) /.test(line) ? line.replace(/\b[\d:]+\b/g, '<n>') : line))
    .map(line => line.replace(/\s+/g, ' ').trim())
    .join('\n')
}

/** What a logger's line says: warnings of ours are for people. */
function said(line: string): string {
  const [, words] = /^time="<time>" level=warning msg=("(?:[^"\\]|\\.)*")$/.exec(line) ?? []
  return words === undefined ? line : (JSON.parse(words) as string).replace(/^Warning: /, '')
}

/** An object counts where one of ours has its keys; of progress, its words too. */
function contains(have: string, text: string): boolean {
  if (!/^\[?\{"/.test(text)) return have.includes(text)
  const [told] = /"id":"[^"]*","status":"[^"]*","text":"[^"]*"/.exec(text) ?? []
  if (told !== undefined) return have.includes(told)
  const keys = [...text.matchAll(/"([A-Za-z_]+)":/g)].map(([, key]) => `"${key}":`)
  return have.split('\n').some(line => keys.every(key => line.includes(key)))
}
