import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { aFolder } from './folder.ts'

/** A git repository on this machine, gone after the test. */
export interface Repository {
  /** As a compose file names it: "file:///tmp/…/parts.git". */
  readonly url: string
  readonly folder: string
  /** Commits files, and links where a text begins with "->"; gives the commit. */
  commit(files: Readonly<Record<string, string>>): string
  git(...args: string[]): string
}

export function aRepository(files: Readonly<Record<string, string>>): Repository {
  const folder = join(aFolder(), 'parts.git')
  mkdirSync(folder)
  // Nothing of who runs the tests: no name, no settings, no hooks, no repository around.
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.com',
  }
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  const commit = (changed: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(changed)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      if (text.startsWith('->')) symlinkSync(text.slice(2), join(folder, path))
      else writeFileSync(join(folder, path), text)
    }
    git('add', '--all')
    git('commit', '--quiet', '--message', 'change')
    return git('rev-parse', 'HEAD')
  }
  git('-c', 'init.defaultBranch=main', 'init', '--quiet')
  commit(files)
  return { url: `file://${folder}`, folder, commit, git }
}
