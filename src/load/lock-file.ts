import type { Dict, Node } from '../text/node.ts'
import { parse } from '../text/parse.ts'
import { printYaml } from '../text/print.ts'
import { type Problem, UserError } from '../text/problem.ts'
import type { Source, Span } from '../text/source.ts'
import { disk } from './files.ts'

/** One image as it was when it was locked. */
export interface Locked {
  /** As the compose file names it. */
  readonly image: string
  /** "sha256:…" */
  readonly digest: string
  /** When it was looked up: RFC 3339, in UTC. */
  readonly date: string
}

/** By image; undefined where there is no file. Throws UserError for what is no lock. */
export function readLock(path: string, shown: string): ReadonlyMap<string, Locked> | undefined {
  if (!disk.stat(path)) return undefined
  const source: Source = { name: shown, text: Buffer.from(disk.read(path)).toString('utf8') }
  const problems: Problem[] = []
  const wrong = (message: string, at?: Span) =>
    void problems.push({
      code: 'bad-lock',
      severity: 'error',
      message,
      hint: 'write it anew: gantry lock',
      ...(at && { at }),
    })
  const documents = parse(source, problem => void problems.push(problem))
  const found = new Map<string, Locked>()
  const [root] = documents
  const list = root?.kind === 'dict' ? root.entries.get('images')?.node : undefined
  if (documents.length > 1 || list?.kind !== 'list')
    wrong(`"${shown}" is no lock file: it has no list "images"`, root?.at)
  else
    for (const item of list.items) {
      const locked = item.kind === 'dict' ? lockedIn(item) : undefined
      if (!locked) wrong('an image of a lock file is "image", "digest" and "date"', item.at)
      else if (found.has(locked.image)) wrong(`image "${locked.image}" is locked twice`, item.at)
      else found.set(locked.image, locked)
    }
  if (problems.length > 0) throw new UserError(problems)
  return found
}

function lockedIn({ entries }: Dict): Locked | undefined {
  const text = (name: string) => {
    const node: Node | undefined = entries.get(name)?.node
    return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined
  }
  const [image, digest, date] = [text('image'), text('digest'), text('date')]
  if (image === undefined || digest === undefined || date === undefined) return undefined
  return /^sha256:[0-9a-f]{64}$/.test(digest) ? { image, digest, date } : undefined
}

/** The file's text, sorted, so that two machines write the same. */
export function lockText(images: Iterable<Locked>): string {
  const sorted = [...images].toSorted((a, b) => (a.image < b.image ? -1 : 1))
  return `# Made by "gantry lock". "gantry up --locked" runs these very images; keep this file with the compose file.\n${printYaml(
    { images: sorted.map(({ image, digest, date }) => ({ image, digest, date })) },
  )}`
}
