const context = 3

/** Two texts as `diff -u` prints them; nothing where they are the same. */
export function diff(name: string, before: string, after: string): string {
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  const lines = compared(old, fresh)
  const hunks: string[] = []
  for (let i = 0; i < lines.length; i++) {
    if (lines[i]!.mark === ' ') continue
    const from = Math.max(0, i - context)
    let to = i
    for (let next = i; next < lines.length && next <= to + 2 * context; next++) if (lines[next]!.mark !== ' ') to = next
    const hunk = lines.slice(from, to + context + 1)
    hunks.push(`${header(lines, from, hunk)}\n${hunk.map(({ mark, text }) => `${mark}${text}`).join('\n')}\n`)
    i = to + context
  }
  return hunks.length === 0 ? '' : `--- ${name}\n+++ ${name}\n${hunks.join('')}`
}

interface Line {
  readonly mark: ' ' | '-' | '+'
  readonly text: string
}

function header(lines: readonly Line[], from: number, hunk: readonly Line[]): string {
  const count = (part: readonly Line[], mark: Line['mark']) => part.filter(line => line.mark !== mark).length
  const before = lines.slice(0, from)
  return `@@ -${count(before, '+') + 1},${count(hunk, '+')} +${count(before, '-') + 1},${count(hunk, '-')} @@`
}

/** Lines that stay, go and come, by the longest common part of what differs. */
function compared(old: readonly string[], fresh: readonly string[]): readonly Line[] {
  let head = 0
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++
  let tail = 0
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++
  const kept = (text: string): Line => ({ mark: ' ', text })
  return [
    ...old.slice(0, head).map(kept),
    ...middle(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail)),
    ...old.slice(old.length - tail).map(kept),
  ]
}

/** Edits keep lines or add some: walking on while a line comes again soon is enough, and costs nothing in long files. */
function middle(old: readonly string[], fresh: readonly string[]): readonly Line[] {
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < fresh.length) {
    if (i < old.length && old[i] === fresh[j]) {
      lines.push({ mark: ' ', text: old[i]! })
      i++
      j++
      continue
    }
    const [gone, come] = nextCommon(old, fresh, i, j)
    for (; i < gone; i++) lines.push({ mark: '-', text: old[i]! })
    for (; j < come; j++) lines.push({ mark: '+', text: fresh[j]! })
  }
  return lines
}

function nextCommon(old: readonly string[], fresh: readonly string[], i: number, j: number): readonly [number, number] {
  for (let away = 1; away < old.length - i + (fresh.length - j); away++)
    for (let gone = 0; gone <= away; gone++)
      if (i + gone < old.length && old[i + gone]?.trim() && old[i + gone] === fresh[j + away - gone])
        return [i + gone, j + away - gone]
  return [old.length, fresh.length]
}
