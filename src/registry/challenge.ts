/** How a registry wants to be told who asks (RFC 9110, 11.6.1). */
export type Challenge = { readonly kind: 'basic' } | { readonly kind: 'bearer'; readonly wanted: Wanted }

/** What a token must be for, and where it comes from. */
export interface Wanted {
  readonly realm: string
  readonly service?: string
  readonly scope?: string
}

/** The strongest challenge of a WWW-Authenticate header that is understood here. */
export function challengeOf(header: string | undefined): Challenge | undefined {
  if (header === undefined) return undefined
  const bearer = /(?:^|[\s,])bearer\s+(.*)$/is.exec(header)
  if (bearer) {
    const found = new Map<string, string>()
    for (const [, name = '', quoted, bare] of bearer[1]!.matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g))
      found.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '')
    const [realm, service, scope] = ['realm', 'service', 'scope'].map(name => found.get(name))
    if (realm)
      return {
        kind: 'bearer',
        wanted: { realm, ...(service !== undefined && { service }), ...(scope !== undefined && { scope }) },
      }
  }
  return /(?:^|[\s,])basic(?:\s|$)/i.test(header) ? { kind: 'basic' } : undefined
}
