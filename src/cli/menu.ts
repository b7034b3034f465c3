import type { Hands } from '../actions/output/follow.ts'
import type { App } from './app.ts'
import { rawTerminal } from './terminal.ts'

/** A key of the menu under an attached `up`. */
interface Key {
  readonly key: string
  /** What the line at the bottom says it does, just now. */
  readonly does: () => string
  press(): Promise<void> | void
}

/** Watching files, for the key that turns it on and off. */
export interface Watching {
  readonly on: boolean
  toggle(): Promise<void>
}

export interface MenuOptions {
  readonly hands: Hands
  /** Without it the key says that there is nothing to watch. */
  readonly watching?: Watching
}

/** Has keys do what there is to do with a project that is up, and says so at the bottom of the terminal. Gives the way to end it. */
export function menu(app: App, { hands, watching }: MenuOptions): () => void {
  const { stdin } = app
  let note = ''
  let ended = false
  const keys: readonly Key[] = [
    { key: 's', does: () => 'stop', press: () => last(hands.stop) },
    { key: 'r', does: () => 'restart', press: () => hands.restart() },
    { key: 'w', does: () => (watching?.on ? 'stop watching' : 'watch files'), press: watch },
    { key: 'd', does: () => 'detach', press: () => last(hands.detach) },
  ]
  const show = () => {
    if (!ended) app.footer([...(note ? [note] : []), ...keys.map(({ key, does }) => `${key} ${does()}`)].join('   '))
  }
  async function watch(): Promise<void> {
    if (watching) await watching.toggle()
    else note = 'there is nothing to watch: no service has "develop.watch"'
  }
  const typed = (bytes: Buffer) => {
    // Arrows and others send several characters, which are no keys of their own.
    for (const key of bytes.toString('latin1').replaceAll(sequences, '')) press(key)
  }
  const press = (key: string) => {
    const signal = ({ '\u0003': 'SIGINT', '\u001a': 'SIGTSTP', '\u001c': 'SIGQUIT' } as const)[key]
    if (signal) {
      // As the terminal itself would have it.
      if (signal === 'SIGTSTP') app.footer('')
      process.kill(process.pid, signal)
    } else if (key === '\r' || key === '\n') app.print('\n')
    else {
      const found = keys.find(one => one.key === key.toLowerCase())
      if (!found) return
      note = ''
      void Promise.resolve(found.press()).then(show)
    }
  }
  const last = (act: () => void) => {
    end()
    act()
  }
  const end = () => {
    if (ended) return
    ended = true
    app.footer('')
    stdin.off('data', typed)
    stdin.pause()
    for (const [on, event] of redrawn) on.off(event, show)
    app.signal.removeEventListener('abort', end)
    restore()
  }
  const redrawn = [
    [app.stdout, 'resize'],
    [process, 'SIGCONT'],
  ] as const
  const restore = rawTerminal(stdin)
  stdin.on('data', typed)
  for (const [on, event] of redrawn) on.on(event, show)
  // From then on Ctrl-C is a signal, as without us.
  app.signal.addEventListener('abort', end)
  show()
  return end
}

const sequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?/g
