/** When what has been gathered is on its way: times in milliseconds. */
export interface Gathered {
  readonly first: number
  readonly last: number
  readonly count: number
  /** Whether it asks for more than copying: for a rebuild, a restart, a command. */
  readonly costly: boolean
  /** When git was last seen at work: its index or its HEAD moved; 'working' while it holds its lock. */
  readonly git: number | 'working' | undefined
}

/** The longest that anything waits, whatever goes on. */
const LONGEST = 2000
/**
 * Many files that are only copied are on their way while more come: an engine takes 0.4 ms for each, so that waiting for the last would
 * be felt. Few are waited for: one that is being written would be sent by halves.
 */
const LONGEST_OF_COPIES = 60
const LONGEST_OF_GIT = 30_000

/**
 * How long to wait for more. A single save is on its way after 25 ms; the more comes, the more is waited for, but hardly where things
 * are only copied, which in two batches is as good as in one; a branch switch, which goes on for a while after git has moved, is one.
 */
export function quietPeriod(gathered: Gathered): number {
  const { count, costly } = gathered
  if (isSwitch(gathered)) return 300
  if (count <= 5) return 25
  if (!costly) return 40
  return count <= 50 ? 60 : 120
}

/** When a batch is to go at the latest, counted as `first` and `last` are. */
export function dueAt(gathered: Gathered): number {
  if (gathered.git === 'working') return gathered.first + LONGEST_OF_GIT
  const inParts = !gathered.costly && gathered.count > 50
  const longest = isSwitch(gathered) ? LONGEST_OF_GIT : inParts ? LONGEST_OF_COPIES : LONGEST
  return Math.min(gathered.last + quietPeriod(gathered), gathered.first + longest)
}

const isSwitch = ({ git, last }: Gathered): boolean => git === 'working' || (git !== undefined && last - git < 1000)

export interface Batches {
  /** A path that is the business of a rule; `costly` where the rule does more than copy. */
  touch(path: string, costly: boolean): void
  /** Git is at work, or has just been: what comes now belongs together. */
  git(isWorking: boolean): void
  /** Ends once the batch that is at work has ended; no other one begins. */
  close(): Promise<void>
}

/** Gathers paths until it is quiet for a moment. One batch at a time: what comes meanwhile is the next. */
export function batches(run: (paths: ReadonlySet<string>) => Promise<void>): Batches {
  let paths = new Set<string>()
  let gathered: Gathered | undefined
  let git: Gathered['git']
  let timer: NodeJS.Timeout | undefined
  let busy: Promise<void> | undefined
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
    busy = run(batch).finally(() => {
      busy = undefined
      arm()
    })
  }
  return {
    touch(path, costly) {
      paths.add(path)
      const now = Date.now()
      const first = gathered?.first ?? now
      gathered = { first, last: now, count: paths.size, costly: costly || gathered?.costly === true, git }
      arm()
    },
    git(isWorking) {
      const now = Date.now()
      git = isWorking ? 'working' : now
      if (gathered) gathered = { ...gathered, git, last: now }
      arm()
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await busy
    },
  }
}
