import type { Dashboard } from '../../actions/dashboard/dashboard.ts'
import { paint } from '../paint.ts'
import { frame } from './frame.ts'

export interface ScreenOptions {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  readonly colour: boolean
  /** A character, or the name of a key: "up", "enter", "ctrl-c". */
  readonly onKey: (key: string) => void
}

export interface Screen {
  /** Draws it soon: at most ten times a second. */
  show(state: Dashboard): void
  /** Gives the terminal to something else meanwhile. */
  suspend(act: () => Promise<void>): Promise<void>
  /** Leaves the terminal as it was found. */
  close(): void
}

/** Milliseconds between two drawings. */
const every = 100

/** Takes the whole terminal, beside what it showed, until it is closed or the process ends. */
export async function dashboardScreen(first: Dashboard, options: ScreenOptions): Promise<Screen> {
  // Loading these takes longer than everything else.
  const [ink, { default: react }] = await Promise.all([import('ink'), import('react')])
  const { stdin, stdout, stderr, onKey } = options
  const colours = paint(options.colour)
  let state = first
  let drawnAt = 0
  let timer: NodeJS.Timeout | undefined
  let lend: ((act: () => Promise<void>) => Promise<void>) | undefined
  let lent = false

  function View() {
    lend = ink.useApp().suspendTerminal
    ink.useInput((input, key) => {
      for (const one of keysIn(input, key)) onKey(one)
    })
    const { columns, rows } = ink.useWindowSize()
    // One piece of text: what is laid out here is lines that fit already.
    return react.createElement(ink.Text, { wrap: 'truncate' }, frame(state, { columns, rows }, colours).join('\n'))
  }

  const draw = () => {
    timer = undefined
    if (lent) return
    drawnAt = performance.now()
    instance.rerender(react.createElement(View))
  }
  const instance = ink.render(react.createElement(View), {
    stdin,
    stdout,
    stderr,
    alternateScreen: true,
    incrementalRendering: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: 1000 / every,
  })

  return {
    show(next) {
      state = next
      timer ??= setTimeout(draw, Math.max(0, drawnAt + every - performance.now()))
    },
    async suspend(act) {
      lent = true
      try {
        await lend?.(act)
      } finally {
        lent = false
        draw()
      }
    },
    close() {
      clearTimeout(timer)
      instance.unmount()
    },
  }
}

type InkKey = Readonly<Record<string, unknown>>

const named = {
  upArrow: 'up',
  downArrow: 'down',
  pageUp: 'pageup',
  pageDown: 'pagedown',
  home: 'home',
  end: 'end',
  return: 'enter',
  escape: 'escape',
  tab: 'tab',
  backspace: 'backspace',
  delete: 'backspace',
} as const

/** A paste, or fast typing, comes as one input of several characters. */
function keysIn(input: string, key: object): readonly string[] {
  const known = key as InkKey
  if (known['ctrl']) return input === 'c' || input === 'z' ? [`ctrl-${input}`] : []
  for (const [name, ours] of Object.entries(named)) if (known[name]) return [ours]
  if (known['meta']) return []
  return [...input].map(character => (character === '\r' || character === '\n' ? 'enter' : character))
}
