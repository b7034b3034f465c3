import { createHash } from 'node:crypto'
import { open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Project } from '../../model/project.ts'
import { userError } from '../../text/problem.ts'

/**
 * Two that watch one project would send everything twice. Holds a file with our process id; one whose process is gone is taken over.
 * Throws UserError where another one watches.
 */
export async function watching(
  { name, working_dir }: Pick<Project, 'name' | 'working_dir'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ release(): Promise<void> }> {
  const place = createHash('sha256').update(working_dir).digest('hex').slice(0, 8)
  const file = join(env['XDG_RUNTIME_DIR'] || tmpdir(), `gantry-watch-${name}-${place}.pid`)
  for (;;) {
    try {
      const handle = await open(file, 'wx')
      await handle.writeFile(String(process.pid))
      await handle.close()
      return { release: () => rm(file, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const owner = Number(await readFile(file, 'utf8').catch(() => ''))
    if (lives(owner))
      throw userError(
        'watched-already',
        `cannot take exclusive lock for project "${name}": process ${owner} watches it already`,
        `end that one first ("kill ${owner}")`,
      )
    await rm(file, { force: true })
  }
}

function lives(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
