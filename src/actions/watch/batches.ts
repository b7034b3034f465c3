/** When what has been gathered is on its way: times in milliseconds. */
export interface Gathered {
  readonly first: number
  readonly last: number
  readonly count: number
  /** When git was last seen at work: its index or its HEAD moved. */
  readonly git: number | undefined
}

/** The longest that anything waits, whatever goes on. */
const LONGEST = 2000

/**
 * How long to wait for more. A single save is on its way after 25 ms; the more comes, the more is waited for; a branch switch, which
 * goes on for a while after git has moved, is one batch.
 */
export function quietPeriod({ count, git, last }: Gathered): number {
  if (git !== undefined && last - git < 1000) return 300
  if (count <= 5) return 25
  return count <= 50 ? 60 : 120
}

/** When a batch is to go at the latest, counted as `first` and `last` are. */
export function dueAt(gathered: Gathered): number {
  return Math.min(gathered.last + quietPeriod(gathered), gathered.first + LONGEST)
}

export interface Batches {
  touch(path: string): void
  /** Git is at work: what comes now belongs together. */
  git(): void
  close(): void
}

/** Gathers paths until it is quiet for a moment. One batch at a time: what comes meanwhile is the next. */
export function batches(run: (paths: ReadonlySet<string>) => Promise<void>): Batches {
  let paths = new Set<string>()
  let gathered: Gathered | undefined
  let git: number | undefined
  let timer: NodeJS.Timeout | undefined
  let busy = false
  let closed = false

  const arm = () => {
    clearTimeout(timer)
    if (!gathered || busy || closed) return
    timer = setTimeout(go, Math.max(0, dueAt(gathered) - Date.now()))
  }
  const go = () => {
    const batch = paths
    paths = new Set()
    gathered = undefined
    busy = true
    void run(batch).finally(() => {
      busy = false
      arm()
    })
  }
  return {
    touch(path) {
      paths.add(path)
      const now = Date.now()
      gathered = { first: gathered?.first ?? now, last: now, count: paths.size, git }
      arm()
    },
    git() {
      git = Date.now()
      if (gathered) gathered = { ...gathered, git, last: git }
      arm()
    },
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}
