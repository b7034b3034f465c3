/** Whether a path names something that is elsewhere: an OCI artifact or a git repository. */
export function remoteKind(path: string): 'oci' | 'git' | undefined {
  if (path.startsWith('oci://')) return 'oci'
  if (/^(?:git:\/\/|ssh:\/\/|git@|github\.com\/)/.test(path)) return 'git'
  if (/^(?:https?|file):\/\/[^#]+\.git(?:#|$)/.test(path)) return 'git'
  return undefined
}

/** A part that was fetched. Absolute paths. */
export interface Part {
  /** All that it may name lies in here. */
  readonly folder: string
  /** The Compose file that was meant. */
  readonly file: string
}
