import type { About, Diagnosis } from './diagnosis.ts'
import type { Subject } from './scene.ts'
import { refused } from './telling.ts'

/** Images that cannot be had, for a container or for a build that starts from them. */
export const images: readonly Diagnosis[] = [
  refused({
    code: 'auth-required',
    cause: 'The registry wants to know who asks, or does not let this one have the image.',
    evidence: 'The registry answers "no basic auth credentials", "unauthorized" or "denied".',
    fix: 'docker login HOST; look whether the account may read the image.',
    doing: ['pull', 'create', 'build'],
    says: /no basic auth credentials|unauthorized(?:: |$)|authentication required|(?:^|: )denied|requested access to the resource is denied|pull access denied|insufficient_scope|authorization failed/,
    tell({ 0: words, input }, subject, about) {
      const { image, registry, whose, attribute } = wanted(input, subject, about)
      const known = /unauthorized|denied$/.test(words) && !/pull access/.test(input)
      return {
        message: known
          ? `the registry "${registry}" does not accept the credentials, or the lack of them, for "${image}"${whose}`
          : `the registry "${registry}" does not give "${image}"${whose} to everybody, or does not have it`,
        hint: `log in ("docker login${registry === hub ? '' : ` ${registry}`}"), and look whether name and tag are right: of an image that they do not have, registries often say the same`,
        attribute,
      }
    },
  }),
  refused({
    code: 'image-not-found',
    cause: 'No registry has an image of this name and tag, and the engine has none either.',
    evidence: 'The registry answers "manifest unknown" or "not found"; the engine "No such image".',
    fix: 'Correct the name or the tag; a private image may need "docker login"; an image that is built here: gantry build.',
    doing: ['pull', 'create', 'build'],
    says: /manifest for \S+ not found|manifest unknown|No such image: \S+|repository \S+ not found|\S+[/:]\S+: not found$/,
    tell({ input }, subject, about) {
      if (/failed to calculate checksum|failed to compute cache key|^secret |"[^"]*": not found$/.test(input))
        return undefined
      const { image, registry, whose, attribute, ofBuild } = wanted(input, subject, about)
      const unbuilt = about.declared?.build !== undefined && !ofBuild
      const asked = subject.failure?.doing !== 'create'
      return {
        message: unbuilt
          ? `the image "${image}" of "${subject.service}" has not been built yet`
          : asked
            ? `the registry "${registry}" has no image "${image}"${whose}`
            : `the engine has no image "${image}"${whose}`,
        hint: unbuilt
          ? `build it: "gantry build ${subject.service}"`
          : asked
            ? `correct the name or the tag; a private image may need "docker login${registry === hub ? '' : ` ${registry}`}"`
            : `pull it: "gantry pull ${subject.service}"`,
        attribute: unbuilt ? ['build'] : attribute,
      }
    },
  }),
  refused({
    code: 'image-name-invalid',
    cause: 'The image’s name is no name: often an empty variable, or a capital letter.',
    evidence: 'The engine says "invalid reference format".',
    fix: 'Write the name in lower case; give variables a default: app:${TAG:-latest}.',
    doing: ['pull', 'create', 'build'],
    says: /invalid reference format(: repository name (?:\(\S+\) |\S+ )?must be lowercase)?/,
    tell([, capital], { service, failure }, { declared }) {
      const stage = /failed to parse stage name "([^"]*)"/.exec(failure?.message ?? '')?.[1]
      const name = stage ?? declared?.image ?? ''
      return {
        message: `"${name}"${stage === undefined ? ` of "${service}"` : `, from which the build of "${service}" starts,`} is no name of an image${capital ? ': it has a capital letter' : ''}`,
        hint: capital
          ? 'write it in lower case'
          : stage === undefined
            ? 'look whether a variable in it is empty, and give it a default: ${TAG:-latest}'
            : 'look whether an ARG in it is empty, and give it a default: ARG TAG=latest',
        attribute: stage === undefined ? ['image'] : ['build'],
        ...(capital && stage === undefined && { fix: `image: ${name.toLowerCase()}` }),
      }
    },
  }),
  refused({
    code: 'manifest-no-platform',
    cause: 'The image exists, but not for the platform that is asked for.',
    evidence:
      'The registry says "no matching manifest for …"; the engine "its platform … does not match the specified platform".',
    fix: 'Name a platform that there is (platform: linux/amd64), or build for this one.',
    doing: ['pull', 'create', 'start', 'build'],
    says: /no match(?:ing manifest)? for (?:platform in manifest|(\S+?)(?= in the manifest list entries|:|$))|its platform \(([^)]+)\) does not match the specified platform \(([^)]+)\)|^image "[^"]+" is not there for (\S+), but for (.+)$/,
    tell([words, missing, has, specified, asked, others], subject, about) {
      const { image, whose, attribute, ofBuild } = wanted(words, subject, about)
      const there = has ?? others ?? /^it is there for (.+?): name/.exec(subject.failure?.hint ?? '')?.[1]
      const platform =
        missing ??
        specified ??
        asked ??
        about.declared?.platform ??
        `${about.scene.engine.os}/${about.scene.engine.arch}`
      const one = there?.split(', ').at(-1)
      return {
        message: has
          ? `the image "${image}"${whose} is here for ${has}, and ${platform} is asked for`
          : `the image "${image}"${whose} is not there for ${platform}${there ? `, but for ${there}` : ''}`,
        hint: there
          ? `ask for ${one}, which this machine may have to emulate, or take another image`
          : 'take an image that is there for this platform, or name another one as "platform"',
        ...(one !== undefined && !ofBuild && { fix: `platform: ${one}` }),
        attribute: about.declared?.platform !== undefined && !ofBuild ? ['platform'] : attribute,
      }
    },
  }),
  refused({
    code: 'registry-unreachable',
    cause: 'The engine cannot reach the registry. It is the engine’s network that counts, not yours.',
    evidence: 'The engine says "no such host", "connection refused", "i/o timeout", "x509" or "toomanyrequests".',
    fix: 'Mend DNS or proxy of the engine; where the image is there already: pull_policy: missing.',
    doing: ['pull', 'build'],
    says: /lookup (?<nowhere>\S+).*no such host|dial tcp [^:]*:?\d*:? ?.*(?<refused>connection refused)|dial tcp [^:]*:?\d*:? ?.*(?:i\/o timeout|network is unreachable|no route to host)|x509: (?<certificate>[^"]*)|(?<limit>toomanyrequests)|unexpected HTTP status: (?<trouble>5\d\d[^"]*)|unexpected status(?: code| from \S+ request to)?[^:]*: (?<troubled>5\d\d[^"]*)|server gave (?<plain>HTTP response to HTTPS client)|TLS handshake timeout|request canceled while waiting for connection|Client\.Timeout exceeded|context deadline exceeded/,
    tell({ input, groups = {} }, subject, about) {
      const { image, registry, whose, attribute, ofBuild } = wanted(input, subject, about)
      if (ofBuild && image === '') return undefined
      const [message, hint] = unreached(groups, registry, `"${image}"${whose}`)
      const always = about.declared?.pull_policy === 'always' && !ofBuild
      // A stage whose name is misspelt is taken for an official image.
      const stage = ofBuild && /^[\w-]+(?::latest)?$/.test(image) ? image.replace(':latest', '') : undefined
      return {
        message,
        certainty: stage === undefined ? 'certain' : 'likely',
        hint: always
          ? `${hint}; where the engine has the image already, do without asking`
          : stage === undefined
            ? hint
            : `correct the name where a stage of the Dockerfile is meant ("FROM", "COPY --from=${stage}"); otherwise ${hint}`,
        ...(always && { fix: 'pull_policy: missing' }),
        attribute: always ? ['pull_policy'] : attribute,
      }
    },
  }),
]

/** What keeps the engine from a registry, and what to do about it. */
function unreached(
  { nowhere, refused, certificate, limit, trouble, troubled, plain }: Readonly<Record<string, string | undefined>>,
  registry: string,
  image: string,
): readonly [message: string, hint: string] {
  if (limit)
    return [`the registry "${registry}" gives no more images for now: too many were asked for`, 'log in to it, or wait']
  if (certificate)
    return [
      `the engine does not trust the registry "${registry}", which has ${image}: ${certificate}`,
      `give the engine the registry’s certificate (/etc/docker/certs.d/${registry}/ca.crt on its machine)`,
    ]
  if (plain)
    return [
      `the registry "${registry}", which has ${image}, speaks no TLS, and the engine asks for it`,
      'give the registry a certificate, or name it under "insecure-registries" of the engine',
    ]
  if (trouble ?? troubled)
    return [`the registry "${registry}", which has ${image}, answered ${trouble ?? troubled}`, 'try again later']
  if (nowhere)
    return [
      `the engine finds no host "${nowhere}", which has ${image}`,
      'correct the name of the registry, or mend the name server of the engine’s machine',
    ]
  if (refused)
    return [
      `nothing listens at the registry "${registry}", which has ${image}`,
      `start the registry, or correct its address${/^(?:127\.|localhost)/.test(registry) ? ': this is the engine’s own machine' : ''}`,
    ]
  return [
    `the registry "${registry}", which has ${image}, does not answer the engine`,
    'look at network, proxy and firewall of the engine’s machine',
  ]
}

const hub = 'docker.io'

/** The image that words are about, and who wants it: a service, or the Dockerfile of its build. */
function wanted(input: string, { service, failure }: Subject, { declared }: About) {
  const ofBuild = failure?.doing === 'build'
  const image = ofBuild ? baseOf(input) : (declared?.image ?? failure?.message.match(/No such image: (\S+)/)?.[1] ?? '')
  return {
    image,
    ofBuild,
    registry: registryOf(image),
    whose: ofBuild ? ` for the build of "${service}"` : ` of "${service}"`,
    attribute: [ofBuild ? 'build' : 'image'],
  }
}

/** "127.0.0.1:5000/app:9" out of what BuildKit says of a base that it cannot have; "" where it says nothing of one. */
function baseOf(words: string): string {
  const asked = /"https?:\/\/([^/"]+)\/v2\/([^"]+)\/manifests\/([^"]+)"/.exec(words)
  const [, host = '', path = '', tag = ''] = asked ?? []
  if (asked) return `${host.endsWith('docker.io') ? '' : `${host}/`}${path.replace(/^library\//, '')}:${tag}`
  const named = /(?:source metadata for |^)(\S+?[/:]\S+): /.exec(words)?.[1]
  return named?.replace(/^docker\.io\/(?:library\/)?/, '') ?? ''
}

function registryOf(image: string): string {
  const [first = '', rest] = image.split('/', 2)
  return rest !== undefined && /[.:]|^localhost$/.test(first) ? first : hub
}
