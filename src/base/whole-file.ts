import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'

/**
 * Writes a text as a file, whole or not at all: where a link leads, and with the rights that the file had. What is no file (a pipe,
 * /dev/stdout) is written to, and so is a file that cannot be replaced (mounted by itself, in a folder that is not ours). Throws the
 * system's error.
 */
export function writeWhole(path: string, text: string): void {
  const there = statSync(path, { throwIfNoEntry: false })
  if (there && !there.isFile()) return writeFileSync(path, text)
  const real = there ? realpathSync(path) : path
  const beside = `${real}.gantry-${process.pid}`
  try {
    writeFileSync(beside, text, { flag: 'wx' })
    if (there) chmodSync(beside, there.mode & 0o7777)
    renameSync(beside, real)
  } catch (error) {
    rmSync(beside, { force: true })
    if (!there || !irreplaceable.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    writeFileSync(real, text)
  }
}

const irreplaceable: readonly string[] = ['EACCES', 'EBUSY', 'EPERM', 'EXDEV']
