import { relative, sep } from 'node:path'

/** A path as the user would type it: relative where it lies in the current directory or a few steps beside it. */
export function shownPath(path: string, cwd: string): string {
  const near = relative(cwd, path)
  if (near === '') return '.'
  return near.startsWith(`..${sep}..${sep}..`) || near.length > path.length ? path : near
}
