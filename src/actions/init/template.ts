import { baseNames } from '../../load/locate.ts'

/** Files to begin a project with. */
export interface Template {
  /** As the user named it, without credentials. */
  readonly name: string
  /** Path in the project, with "/" → file. */
  readonly files: ReadonlyMap<string, TemplateFile>
}

export interface TemplateFile {
  readonly bytes: Uint8Array
  readonly executable?: boolean
}

export const textFile = (text: string): TemplateFile => ({ bytes: Buffer.from(text) })

/** What a template is for: the first sentence under the headline of its README. */
export function summaryOf(readme: string): string {
  const [, paragraph = ''] = /^# .*\n+([^\n]+)/.exec(readme) ?? []
  return paragraph.replace(/\.$/, '')
}

/** The Compose file that a run would take, of the paths that there are. */
export function composeFileOf(paths: Iterable<string>): string | undefined {
  const all = new Set(paths)
  return baseNames.find(name => all.has(name))
}

/** The first page on this machine that its README names. */
export function pageOf({ files }: Template): string | undefined {
  const readme = files.get('README.md')
  const text = readme === undefined ? '' : Buffer.from(readme.bytes).toString()
  const [page] = /https?:\/\/(?:[\w-]+\.)?(?:localhost|127\.0\.0\.1)(?::\d+)?[^\s)`'>]*/.exec(text) ?? []
  return page?.replace(/[.,;:]+$/, '')
}
