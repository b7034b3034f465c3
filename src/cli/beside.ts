import type { WatchOptions } from '../actions/watch/watch.ts'
import type { Loaded } from '../load/load.ts'
import { UserError } from '../text/problem.ts'
import type { App } from './app.ts'
import type { Watching } from './menu.ts'

/** Watching files beside an attached `up`, turned on and off by a key or a flag. */
export function watchingBeside(
  app: App,
  loaded: Loaded,
  options: Omit<WatchOptions, 'signal' | 'reload'>,
): Watching & { end(): void } {
  let under: AbortController | undefined
  const end = () => {
    under?.abort()
    under = undefined
  }
  const begin = async () => {
    const mine = new AbortController()
    under = mine
    const { watch } = await import('../actions/watch/watch.ts')
    const signal = AbortSignal.any([app.signal, mine.signal])
    const reload = () => app.load({ services: options.services ?? [] })
    // It goes on until it is ended; what it cannot do is told, and the containers run on.
    void watch(loaded, { ...options, signal, reload, attached: true }).catch((error: unknown) => {
      if (under === mine) under = undefined
      if (signal.aborted) return
      if (!(error instanceof UserError)) throw error
      for (const problem of error.problems) app.emit({ type: 'problem', problem: { ...problem, severity: 'warning' } })
    })
  }
  return {
    get on() {
      return under !== undefined
    },
    async toggle() {
      if (under) end()
      else await begin()
    },
    end,
  }
}
