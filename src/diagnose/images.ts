import type { Diagnosis } from './diagnosis.ts'
import { refused } from './telling.ts'

/** Images that cannot be pulled or built. */
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
  refused({
    code: 'build-copy-missing',
    cause: 'A COPY or ADD names a file that is not in the build context, or that .dockerignore leaves out.',
    evidence:
      'The build says "failed to calculate checksum … not found" or "COPY failed: file not found in build context".',
    fix: 'Correct the path (it counts from the context), or the rules of .dockerignore.',
    doing: ['build'],
    says: /failed to calculate checksum of ref [^:]*(?:::\S*)?: "?([^":]+)"?: not found|COPY failed: (?:file not found in build context or excluded by \.dockerignore: stat |stat )([^:]+):|failed to compute cache key: "?\/?([^":]+)"?: not found/,
    tell([, checksum, classic, older], { service }) {
      const path = checksum ?? classic ?? older
      return {
        message: `the build of "${service}" copies "${path}", which is not in its context or is left out by .dockerignore`,
        hint: 'correct the path, which counts from the context, or the rules of .dockerignore',
        attribute: ['build'],
      }
    },
  }),
  refused({
    code: 'build-step-failed',
    cause: 'A command of the Dockerfile ended with an error.',
    evidence: 'The build says "did not complete successfully: exit code" or "returned a non-zero code".',
    fix: 'Its output says why. 127: the base image lacks the program. 137: memory.',
    doing: ['build'],
    says: /process "([^"]*)" did not complete successfully: exit code: (\d+)|The command '([^']*)' returned a non-zero code: (\d+)/,
    tell([, command, code, classic, classicCode], { service }) {
      const status = Number(code ?? classicCode)
      return {
        message: `the build of "${service}" failed: "${command ?? classic}" ended with ${status}`,
        hint:
          status === 127
            ? 'the base image lacks a program that it calls: install it first'
            : status === 137
              ? 'it was killed, mostly for memory'
              : 'its output says why',
        attribute: ['build'],
      }
    },
  }),
  refused({
    code: 'build-input-missing',
    cause:
      'What the build starts from is not there, or cannot be read: the Dockerfile, the context, a stage, a secret.',
    evidence:
      'The build says which: "failed to read dockerfile", "target stage … could not be found", "unknown instruction", "secret …: not found".',
    fix: 'Correct the name; a misspelt COPY --from is read as an image’s name.',
    doing: ['build'],
    says: /failed to read dockerfile: open ([^:]+)|target stage "?([^"]+?)"? could not be found|failed to reach build target (\S+) in Dockerfile|dockerfile parse error (?:on )?line (\d+): ([^\n]*)|secret (\S+): not found/i,
    tell([, file, stage, older, line, said, secret], { service }) {
      const [what, attribute]: readonly [string, readonly string[]] = file
        ? [`there is no "${file}" in its context`, ['build', 'dockerfile']]
        : (stage ?? older)
          ? [`its Dockerfile has no stage "${stage ?? older}"`, ['build', 'target']]
          : secret
            ? [`it wants the secret "${secret}", which "build.secrets" does not give`, ['build', 'secrets']]
            : [`its Dockerfile, line ${line}: ${said}`, ['build', 'dockerfile']]
      return {
        message: `the build of "${service}" failed: ${what}`,
        hint: 'correct the name',
        attribute,
      }
    },
  }),
]

function registryOf(image: string): string {
  const [first = '', rest] = image.split('/', 2)
  return rest !== undefined && /[.:]|^localhost$/.test(first) ? first : 'docker.io'
}
