import type { Problem } from '../text/problem.ts'

/** Ctrl-C, or SIGTERM. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/** How long a command may take to end before it tells what it waits for. Milliseconds. */
export const slowToEnd = 3000

/** An engine that answers no more would keep a command for ever which ends what it has begun. */
export const stillUnderWay: Problem = {
  code: 'still-under-way',
  severity: 'info',
  message: 'the engine is still at what it was asked for last',
  hint: 'press Ctrl-C again to leave it to that; the next command goes on from there',
}
