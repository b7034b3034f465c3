/** Whether a path of a container is a folder, or in it. */
export const within = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder.replace(/\/$/, '')}/`)
