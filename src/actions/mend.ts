import { mended } from '../lint/edits.ts'
import { disk, type Files } from '../load/files.ts'
import { type LoadOptions, load } from '../load/load.ts'
import { type Problem, UserError } from '../text/problem.ts'
import type { Source } from '../text/source.ts'
import type { Checked } from './check.ts'
import { writeFile } from './write-file.ts'

/** A file, and what is to stand in it. */
export interface Mended {
  readonly path: string
  readonly before: Source
  readonly after: string
}

export interface Mending {
  readonly files: readonly Mended[]
  /** How many findings are gone then. */
  readonly count: number
  /** Why some cannot be mended. */
  readonly problems: readonly Problem[]
}

/**
 * The files with every edit made that is safe. The result was loaded again: throws UserError where it would not load, and
 * nothing is written either way.
 */
export async function mendingOf(
  { findings, paths }: Checked,
  { load: options, operands }: { readonly load: LoadOptions; readonly operands: readonly string[] },
): Promise<Mending> {
  const files = options.filesystem ?? disk
  const problems = new Map<Source, Problem>()
  const possible = findings.filter(({ edits }) => {
    for (const { at } of edits) {
      const path = paths.get(at.source)
      const why = path === undefined ? 'it belongs to another project' : unlike(path, at.source, files)
      if (why === undefined) continue
      problems.set(at.source, {
        code: 'not-mended',
        severity: 'warning',
        message: `"${at.source.name}" is not mended: ${why}`,
        hint: 'mend it by hand',
      })
      return false
    }
    return edits.length > 0
  })
  const changed = [...mended(possible.map(({ edits }) => edits))].map(([before, after]) => ({
    path: paths.get(before)!,
    before,
    after,
  }))
  await stillLoads(changed, options, operands)
  return { files: changed, count: possible.length, problems: [...problems.values()] }
}

/** Bytes that are not this text in UTF-8 would become others. */
function unlike(path: string, { text }: Source, files: Files): string | undefined {
  return Buffer.from(text).equals(files.read(path)) ? undefined : 'it is not plain UTF-8'
}

async function stillLoads(
  changed: readonly Mended[],
  options: LoadOptions,
  operands: readonly string[],
): Promise<void> {
  if (changed.length === 0) return
  const texts = new Map(changed.map(({ path, after }) => [path, Buffer.from(after)]))
  const files = options.filesystem ?? disk
  const filesystem: Files = { ...files, read: path => texts.get(path) ?? files.read(path) }
  const wholes = operands.length === 0 ? [options] : operands.map(operand => ({ ...options, files: [operand] }))
  for (const whole of wholes)
    try {
      if (!/dockerfile|containerfile/i.test(whole.files?.[0] ?? '')) await load({ ...whole, filesystem })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      throw new UserError([
        {
          code: 'mending-breaks',
          severity: 'error',
          message: 'the mended files could not be read; nothing was written',
        },
        ...error.problems,
      ])
    }
}

/** Writes a mended file whole or not at all. Throws UserError. */
export const writeMended = ({ path, before, after }: Mended): void => writeFile(path, before.name, after)
