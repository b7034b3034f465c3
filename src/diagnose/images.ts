import type { Diagnosis } from './diagnosis.ts'
import { refused } from './telling.ts'

/** Images that cannot be had. */
export const images: readonly Diagnosis[] = [
  refused({
    code: 'auth-required',
    cause: 'The registry wants to know who asks, or does not let this one have the image.',
    evidence: 'The registry answers "no basic auth credentials", "unauthorized" or "denied".',
    fix: 'docker login HOST; look whether the account may read the image.',
    doing: ['pull', 'create'],
    says: /no basic auth credentials|unauthorized: |authentication required|requested access to the resource is denied|pull access denied for (\S+?),/,
    tell([words], { service }, { declared }) {
      const image = declared?.image ?? 'the image'
      const registry = registryOf(image)
      const wrong = /unauthorized/.test(words)
      return {
        message: wrong
          ? `the registry "${registry}" does not accept the credentials for "${image}" of "${service}"`
          : `the registry "${registry}" does not give "${image}" of "${service}" to everybody, or does not have it`,
        hint: `log in ("docker login${registry === 'docker.io' ? '' : ` ${registry}`}"), and look whether the name is right`,
        attribute: ['image'],
      }
    },
  }),
  refused({
    code: 'image-not-found',
    cause: 'No registry has an image of this name and tag, and the engine has none either.',
    evidence: 'The registry answers "manifest unknown" or "not found"; the engine "No such image".',
    fix: 'Correct the name or the tag; a private image may need "docker login"; an image that is built here: gantry build.',
    doing: ['pull', 'create'],
    says: /manifest for (\S+) not found|manifest unknown|No such image: (\S+)|repository \S+ not found|(\S+): not found$/,
    tell([, manifest, none, other], { service }, { declared }) {
      const image = manifest ?? none ?? other ?? declared?.image ?? 'its image'
      return {
        message: declared?.build
          ? `the image "${image}" of "${service}" has not been built yet`
          : `there is no image "${image}", which "${service}" is to run`,
        hint: declared?.build
          ? `build it: "gantry build ${service}"`
          : 'correct the name or the tag; a private image may need "docker login"',
        attribute: declared?.build ? ['build'] : ['image'],
      }
    },
  }),
  refused({
    code: 'image-name-invalid',
    cause: 'The image’s name is no name: often an empty variable, or a capital letter.',
    evidence: 'The engine says "invalid reference format".',
    fix: 'Write the name in lower case; give variables a default: app:${TAG:-latest}.',
    doing: ['pull', 'create', 'build'],
    says: /invalid reference format(?:: (repository name \S+ must be lowercase))?/,
    tell([, capital], { service }, { declared }) {
      return {
        message: `"${declared?.image ?? ''}" of "${service}" is no name of an image${capital ? `: ${capital}` : ''}`,
        hint: capital
          ? 'write it in lower case'
          : 'look whether a variable in it is empty, and give it a default: ${TAG:-latest}',
        attribute: ['image'],
      }
    },
  }),
  refused({
    code: 'manifest-no-platform',
    cause: 'The image exists, but not for the platform that is asked for.',
    evidence:
      'The registry says "no matching manifest for …"; the engine "its platform … does not match the specified platform".',
    fix: 'Name a platform that there is (platform: linux/amd64), or build for this one.',
    doing: ['pull', 'create', 'start'],
    says: /no matching manifest for (\S+?)(?: in the manifest list entries|:|$)|its platform \(([^)]+)\) does not match the specified platform \(([^)]+)\)/,
    tell([, wanted, has, specified], { service }, { declared }) {
      return {
        message: has
          ? `the image "${declared?.image ?? ''}" of "${service}" is here for ${has}, and ${specified} is asked for`
          : `the image "${declared?.image ?? ''}" of "${service}" is not there for ${wanted}`,
        hint: 'name a platform that the image is there for',
        fix: `platform: ${has ?? 'linux/amd64'}`,
        attribute: ['platform'],
      }
    },
  }),
  refused({
    code: 'registry-unreachable',
    cause: 'The engine cannot reach the registry. It is the engine’s network that counts, not yours.',
    evidence: 'The engine says "no such host", "connection refused", "i/o timeout", "x509" or "toomanyrequests".',
    fix: 'Mend DNS or proxy of the engine; where the image is there already: pull_policy: missing.',
    doing: ['pull'],
    says: /lookup (\S+).*no such host|dial tcp [^:]*:?\d*:? ?.*(?:connection refused|i\/o timeout|network is unreachable)|(x509: [^"]*)|(toomanyrequests)|(TLS handshake timeout|request canceled while waiting for connection|Client\.Timeout exceeded)/,
    tell([, host, certificate, limit], { service }, { declared }) {
      const image = declared?.image ?? ''
      return {
        message: limit
          ? `the registry "${registryOf(image)}" gives no more images for now: too many were asked for`
          : certificate
            ? `the engine does not trust the registry "${registryOf(image)}", which has "${image}" of "${service}": ${certificate}`
            : `the engine cannot reach the registry "${host ?? registryOf(image)}", which has "${image}" of "${service}"`,
        hint: limit
          ? 'log in to the registry, or wait'
          : certificate
            ? 'give the engine the registry’s certificate (/etc/docker/certs.d)'
            : 'mend the name server or the proxy of the engine',
        attribute: ['image'],
      }
    },
  }),
]

function registryOf(image: string): string {
  const [first = '', rest] = image.split('/', 2)
  return rest !== undefined && /[.:]|^localhost$/.test(first) ? first : 'docker.io'
}
