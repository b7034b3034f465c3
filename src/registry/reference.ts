import { isRegistryHost, isRepository, isTag } from '../base/image-reference.ts'
import { userError } from '../text/problem.ts'

/** What a registry has, and where. */
export interface Reference {
  /** Of the API: "registry-1.docker.io" for Docker Hub. */
  readonly host: string
  readonly repository: string
  /** A tag, or "sha256:…". */
  readonly version: string
}

/** `[HOST/]REPOSITORY[:TAG][@DIGEST]`; Docker Hub where there is no host. Throws UserError. */
export function parseReference(text: string): Reference {
  const [, named = '', tag, digest] = /^([^@]*?)(?::([^:/@]+))?(?:@([^@]*))?$/.exec(text) ?? []
  const slash = named.indexOf('/')
  const first = slash < 0 ? '' : named.slice(0, slash)
  const hosted = first.includes('.') || first.includes(':') || first === 'localhost'
  const hub = !hosted || first === 'docker.io' || first === 'index.docker.io'
  const path = hosted ? named.slice(slash + 1) : named
  const repository = hub && path && !path.includes('/') ? `library/${path}` : path
  const wrong =
    !isRepository(repository) ||
    (hosted && !isRegistryHost(first)) ||
    (tag !== undefined && !isTag(tag)) ||
    (digest !== undefined && !isDigest(digest))
  if (wrong)
    throw userError(
      'bad-remote',
      `"${text}" names nothing in a registry`,
      'write HOST/REPOSITORY:TAG, or …@sha256:DIGEST',
    )
  return { host: hub ? 'registry-1.docker.io' : first, repository, version: digest ?? tag ?? 'latest' }
}

export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text)
}

/** Whether nobody else can hear what is said to a host (with or without port). */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(host)
}

/** An image's name as registries know it: "nginx" → "docker.io/library/nginx:latest". Throws UserError. */
export function fullName(image: string): string {
  const { host, repository, version } = parseReference(image)
  const named = `${host === 'registry-1.docker.io' ? 'docker.io' : host}/${repository}`
  return isDigest(version) ? `${named}@${version}` : `${named}:${version}`
}

/** The digest that an image's name ends in. */
export function digestIn(image: string): string | undefined {
  const at = image.lastIndexOf('@')
  return at < 0 ? undefined : image.slice(at + 1)
}
