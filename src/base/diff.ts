/** What has changed between two texts, as `diff -u` writes it; empty where nothing has. */
export function unified(before: string, after: string, name: string): string {
  const [a, b] = [linesOf(before), linesOf(after)]
  let same = 0
  while (same < a.length && same < b.length && a[same] === b[same]) same++
  let tail = 0
  while (tail < a.length - same && tail < b.length - same && a.at(-1 - tail) === b.at(-1 - tail)) tail++
  const marked = [
    ...a.slice(0, same).map(line => ` ${line}`),
    ...middle(a.slice(same, a.length - tail), b.slice(same, b.length - tail)),
    ...a.slice(a.length - tail).map(line => ` ${line}`),
  ]
  const hunks = hunksOf(marked)
  return hunks.length === 0 ? '' : `--- ${name}\n+++ ${name}\n${hunks.join('')}`
}

/** Unchanged lines around what has changed. */
const around = 3

function linesOf(text: string): readonly string[] {
  const lines = text === '' ? [] : text.split(/(?<=\n)/)
  return lines.map(line => (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`))
}

/** By the longest lines in common; what is long and mostly new is shown as replaced. */
function middle(a: readonly string[], b: readonly string[]): readonly string[] {
  if (a.length * b.length > 4_000_000) return [...a.map(line => `-${line}`), ...b.map(line => `+${line}`)]
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i]![j] = a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!)
  const marked: string[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length)
    if (i < a.length && j < b.length && a[i] === b[j]) {
      marked.push(` ${a[i]}`)
      i++
      j++
    } else if (j >= b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) marked.push(`-${a[i++]}`)
    else marked.push(`+${b[j++]}`)
  return marked
}

function hunksOf(marked: readonly string[]): readonly string[] {
  const near = marked.map((_, i) => marked.slice(Math.max(0, i - around), i + around + 1).some(line => line[0] !== ' '))
  const hunks: string[] = []
  let [old, now] = [1, 1]
  let hunk: { readonly old: number; readonly now: number; readonly lines: string[] } | undefined
  const close = () => {
    if (hunk === undefined) return
    const count = (without: string) => hunk!.lines.filter(line => line[0] !== without).length
    const range = (start: number, length: number) =>
      `${length === 0 ? start - 1 : start}${length === 1 ? '' : `,${length}`}`
    hunks.push(`@@ -${range(hunk.old, count('+'))} +${range(hunk.now, count('-'))} @@\n${hunk.lines.join('')}`)
    hunk = undefined
  }
  marked.forEach((line, i) => {
    if (near[i]) (hunk ??= { old, now, lines: [] }).lines.push(line)
    else close()
    if (line[0] !== '+') old++
    if (line[0] !== '-') now++
  })
  close()
  return hunks
}
