/** Attributes whose list form stays a list of texts while files are merged: one name cannot be taken out of it. */
export const textLists: ReadonlySet<string> = new Set([
  'environment',
  'labels',
  'annotations',
  'sysctls',
  'args',
  'additional_contexts',
  'extra_hosts',
])
