import { Interrupted, slowToEnd } from './interrupted.ts'
import type { Surroundings } from './run.ts'

/** What Ctrl-C, and SIGTERM, do to one command line. */
export interface Interruption {
  /** Aborts at the first one. */
  readonly signal: AbortSignal
  /** What the command gives, or the interruption where nothing is under way that must be ended in order. */
  orInterrupted<T>(command: Promise<T>): Promise<T>
  /** From then on the first one only asks the command to end in order. */
  endInOrder(): void
  /** Aborts at the second one, for a command that asks; without asking, the second one ends the process. */
  force(): AbortSignal
  /** From then on signals are a container's; the third one that asks for an end lets go of it. */
  handOn(take: (signal: NodeJS.Signals) => void): void
  /** Whether an interruption leaves a plan half done. */
  readonly leavesHalf: boolean
}

/** Listens for signals. `slow` is called where a command that ends in order takes its time, `close` before the process is ended. */
export function interruption(
  around: Pick<Surroundings, 'onSignal' | 'onOtherSignals' | 'exit'>,
  { slow, close }: { slow(): void; close(): Promise<void> },
): Interruption {
  const interrupt = new AbortController()
  const force = new AbortController()
  const interrupted = Promise.withResolvers<never>()
  interrupted.promise.catch(() => {})
  let forceAsked = false
  let inOrder = false
  let handOn: ((signal: NodeJS.Signals) => void) | undefined
  let asked = 0

  around.onSignal(signal => {
    if (handOn && ++asked < 3) return handOn(signal)
    if (handOn) {
      interrupt.abort(new Interrupted('let go'))
      interrupted.reject(interrupt.signal.reason)
    } else if (!interrupt.signal.aborted) {
      interrupt.abort(new Interrupted('interrupted'))
      if (!inOrder) interrupted.reject(interrupt.signal.reason)
      else if (!forceAsked) setTimeout(slow, slowToEnd).unref()
    } else if (forceAsked && !force.signal.aborted) force.abort(new Interrupted('interrupted twice'))
    else void close().finally(() => around.exit(130))
  })

  return {
    signal: interrupt.signal,
    orInterrupted: command => Promise.race([command, interrupted.promise]),
    endInOrder() {
      inOrder = true
    },
    force() {
      forceAsked = true
      return force.signal
    },
    handOn(take) {
      if (!handOn) around.onOtherSignals(handedOn, signal => handOn?.(signal))
      handOn = take
    },
    get leavesHalf() {
      return inOrder && !forceAsked && !handOn
    },
  }
}

/**
 * Beside SIGINT and SIGTERM. docker compose hands on what job control sends as well, so that Ctrl-Z does nothing; here it suspends us,
 * as it does any other command.
 */
const handedOn: readonly NodeJS.Signals[] = [
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGVTALRM',
  'SIGIO',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGWINCH',
]
