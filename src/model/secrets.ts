/** Names whose values are kept from every screen, log and label. */
const secretName =
  /pass(word|wd|phrase)?|secret|token|credential|api_?-?key|access_?-?key|private|(^|[_.-])(key|auth|pwd|pin|salt|cert|signature|dsn|cookie|session)s?($|[_.-])/i

// Names are bounded, so that a value of a hundred thousand letters is looked through once.
const userInfo = /([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@]*):[^\s/@]+@/gi

const secretOption = /(--?[\w-]{0,50}(?:password|passwd|secret|token|api-?key|credential)[\w-]{0,50}[= ])\S+/gi

export const mask = '********'

/** Whether an attribute or variable of this name holds what must not be shown; `PWD` is where a shell stands. */
export const looksSecret = (name: string): boolean => name !== 'PWD' && secretName.test(name)

/** A value as it may be shown under a name: masked where the name tells of a secret, passwords in URLs and options always. */
export function shown(name: string, value: string): string {
  if (value !== '' && looksSecret(name)) return mask
  return value.replaceAll(userInfo, `$1:${mask}@`).replaceAll(secretOption, `$1${mask}`)
}
