import { writeWhole } from '../base/whole-file.ts'
import { type UserError, userError } from '../text/problem.ts'

/** Writes a file that the user calls `shown`, whole or not at all. Throws UserError. */
export function writeFile(path: string, shown: string, text: string): void {
  try {
    writeWhole(path, text)
  } catch (error) {
    throw unwritable(shown, error)
  }
}

export function unwritable(shown: string, error: unknown): UserError {
  // Node's words without its own code and call, which names a file beside it that is only there for a moment.
  const because = (error instanceof Error ? error.message : String(error)).replace(/^[A-Z]+: |, \w+ '[^']*'.*$/gs, '')
  return userError('unwritable-file', `"${shown}" cannot be written: ${because}`)
}
