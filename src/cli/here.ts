import { statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { userError } from '../text/problem.ts'
import type { Environment } from './app.ts'

/**
 * The current directory under the name that the shell has for it, which may lead over a link: the name of a project without one is
 * that of its directory, and docker compose takes PWD where it is the current directory (Go's os.Getwd).
 */
export function workingDirectory({ PWD }: Environment, real: string = existing()): string {
  if (PWD === undefined || !isAbsolute(PWD) || PWD === real) return real
  return identityOf(PWD) === identityOf(real) ? PWD : real
}

function existing(): string {
  try {
    return process.cwd()
  } catch {
    const what = 'the current directory is gone, or may not be looked at'
    throw userError('no-directory', what, 'go to one that is there: "cd" leads home')
  }
}

function identityOf(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev} ${ino}`
  } catch {
    // PWD is what somebody set: it may be nothing that is there, or that may be looked at.
    return path
  }
}
