import { lstat, readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { withoutCredentials } from '../../base/url-credentials.ts'
import { type FetchOptions, fetchPart } from '../../load/remote/fetch.ts'
import { fetchGit } from '../../load/remote/git.ts'
import { cacheFolder } from '../../load/remote/kept.ts'
import { remoteKind } from '../../load/remote/remote.ts'
import { userError } from '../../text/problem.ts'
import type { Template, TemplateFile } from './template.ts'

/** No template is larger: what is, was not meant (a home directory, a folder with its packages). */
const most = { files: 2000, bytes: 64 * 1024 * 1024 }

/** Whether a name of a template is one of a place: a repository, an artifact, or a folder, which is written with a "/" or as ".". */
export const isPlace = (text: string): boolean =>
  remoteKind(text) !== undefined || /^\.{1,2}$|[/\\]/.test(text) || text.startsWith('~')

/** The template at a place. Throws UserError where there is none, and for links, which could lead anywhere. */
export async function templateAt(
  place: string,
  options: Pick<FetchOptions, 'env' | 'signal'> & { readonly cwd: string },
): Promise<Template> {
  const { env, cwd } = options
  const home = env['HOME'] || homedir()
  const name = withoutCredentials(place)
  const kind = remoteKind(place)
  if (kind === undefined && /^[a-z][a-z0-9+.-]*:\/\//i.test(place))
    throw userError(
      'bad-remote',
      `"${name}" is neither a git repository nor an artifact`,
      'a repository is written https://….git#REF:SUBDIR, an artifact oci://…',
    )
  if (kind === 'oci') return { name, files: await filesIn((await fetchPart(place, { ...options, home })).folder, name) }
  if (kind === 'git') {
    const { folder, path, commit } = await fetchGit(place, cacheFolder(env, home), { ...options, home })
    return { name, files: await filesIn(join(folder, path), name, `at commit ${commit.slice(0, 12)}`) }
  }
  return { name, files: await filesIn(resolve(cwd, place.replace(/^~(?=\/|$)/, home)), name) }
}

async function filesIn(root: string, name: string, where = ''): Promise<ReadonlyMap<string, TemplateFile>> {
  const files = new Map<string, TemplateFile>()
  let bytes = 0
  const found = await lstat(root).catch(() => undefined)
  if (!found?.isDirectory())
    throw userError('no-such-template', `"${name}" is no directory${where && ` ${where}`}`, 'check the path')

  async function take(folder: string, under: string): Promise<void> {
    for (const entry of (await readdir(folder, { withFileTypes: true })).toSorted((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      // A repository's own records, and the packages that its programs have fetched, are no part of a template.
      if (/^(?:\.git|node_modules)$/i.test(entry.name)) continue
      const path = under + entry.name
      if (entry.isDirectory()) await take(join(folder, entry.name), `${path}/`)
      else if (entry.isFile()) {
        const file = join(folder, entry.name)
        const { size, mode } = await lstat(file)
        bytes += size
        if (files.size >= most.files || bytes > most.bytes)
          throw userError(
            'template-too-large',
            `"${name}" has more than ${most.files} files or ${most.bytes / 1024 / 1024} MiB`,
            'name the folder of the template itself',
          )
        files.set(path, { bytes: await readFile(file), ...((mode & 0o100) !== 0 && { executable: true }) })
      } else
        throw userError(
          'not-a-file',
          `"${path}" of the template is a ${entry.isSymbolicLink() ? 'link' : 'special file'}`,
          'a template holds files and directories only',
        )
    }
  }
  await take(root, '')
  return files
}
