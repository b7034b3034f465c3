import { EngineError } from '../../engine/errors.ts'

/** A pull or push that failed, in the engine's words as docker compose tells them, with what can be done. */
export function explained(error: EngineError, image: string, doing: 'pulled' | 'pushed', better?: string): EngineError {
  const { reason, message, status } = error
  const hint = better ?? hintFor(error, image, doing)
  return new EngineError(reason, message, {
    cause: error,
    ...(status !== undefined && { status }),
    ...(hint !== undefined && { hint }),
  })
}

function hintFor(
  { reason, message, hint }: EngineError,
  image: string,
  doing: 'pulled' | 'pushed',
): string | undefined {
  const host = hostOf(image)
  const login = host === undefined ? 'docker login' : `docker login ${host}`
  const [, helper] = /credential helper "([^"]+)"/.exec(message) ?? []
  if (helper !== undefined)
    return `mend ${helper}, or take it out of docker's config.json ("credsStore", "credHelpers")`
  if (reason === 'denied' && doing === 'pushed') return `log in as somebody who may write there: ${login}`
  if (reason === 'denied')
    return `check the image's name, and log in: ${login} (a registry may say so, too, of an image that it does not have)`
  if (/manifest unknown|not found|does not exist|repository name not known/i.test(message))
    return `check the name and the tag; where it is private, log in: ${login}`
  if (/server gave HTTP response to HTTPS client/i.test(message))
    return `the registry speaks no TLS: name "${host ?? ''}" under "insecure-registries" of the engine (Podman: "insecure" in registries.conf), if it may`
  if (/x509|certificate/i.test(message))
    return `put the registry's authority into /etc/docker/certs.d/${host ?? ''}/ca.crt on the engine's machine`
  if (/no such host|connection refused|no route to host|network is unreachable|server misbehaving/i.test(message))
    return 'check the name, and network and proxy of the engine'
  return hint
}

/** The registry that an image's name begins with; undefined for Docker Hub. */
function hostOf(image: string): string | undefined {
  const slash = image.indexOf('/')
  const first = slash < 0 ? '' : image.slice(0, slash)
  return /[.:]|^localhost$/.test(first) && first !== 'docker.io' ? first : undefined
}
