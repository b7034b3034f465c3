import { chmodSync, chownSync, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs'

/**
 * Writes a text as a file, whole or not at all: where a link leads, and with the rights and the owner that the file had. What is no file (a pipe,
 * /dev/stdout) is written to, and so is a file that cannot be replaced (mounted by itself, in a folder that is not ours). Throws the
 * system's error.
 */
export function writeWhole(path: string, text: string): void {
  const there = statSync(path, { throwIfNoEntry: false })
  if (there && !there.isFile()) return writeFileSync(path, text)
  const real = there ? realpathSync(path) : path
  const beside = `${real}.gantry-${process.pid}`
  try {
    writeFileSync(beside, text, { flag: 'wx', mode: there ? there.mode & 0o600 : 0o666 })
    if (there) liken(beside, there)
    renameSync(beside, real)
  } catch (error) {
    rmSync(beside, { force: true })
    if (!there || !irreplaceable.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    writeFileSync(real, text)
  }
}

function liken(path: string, { mode, uid, gid }: Stats): void {
  // For a user whose file root changes. Others may not give files away, and need not: it is theirs.
  if (process.getuid?.() === 0) chownSync(path, uid, gid)
  chmodSync(path, mode & 0o7777)
}

const irreplaceable: readonly string[] = ['EACCES', 'EBUSY', 'EINVAL', 'EPERM', 'EXDEV']
