/** A text without what URLs in it say about who asks. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(/([a-z][a-z0-9+.-]{0,30}:\/\/)([^/\s'"]*)@/gi, (whole, scheme: string, user: string) =>
    /^https?:/i.test(scheme) || user.includes(':') ? scheme : whole,
  )
}
