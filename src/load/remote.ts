/** Whether a path names something that is elsewhere: an OCI artifact or a git repository. */
export function remoteKind(path: string): 'oci' | 'git' | undefined {
  if (path.startsWith('oci://')) return 'oci'
  if (/^(?:git:\/\/|ssh:\/\/|git@|github\.com\/)/.test(path)) return 'git'
  if (/^https?:\/\/[^#]+\.git(?:#|$)/.test(path)) return 'git'
  return undefined
}
