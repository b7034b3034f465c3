/** An image's name and its tag or digest, as the engine takes them apart; without a tag it would take all of them. */
export function nameAndTag(reference: string): { readonly name: string; readonly tag: string } {
  const [, name, tag] = /^(.*)@([^@]*)$/.exec(reference) ??
    /^(.*):([^:/]*)$/.exec(reference) ?? [undefined, reference, 'latest']
  return { name: name ?? reference, tag: tag ?? 'latest' }
}
