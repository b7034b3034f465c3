import { knownImage } from './known-images.ts'
import type { Rule } from './rule.ts'
import { isForTests } from './testing.ts'
import { assignedIn, entry, isList, isScalar, textOf } from './written.ts'

/** What gives a container, or whoever gets into it, more than it needs. */
export const security: readonly Rule[] = [
  {
    code: 'docker-sock',
    pack: 'security',
    star: true,
    severity: 'warning',
    why: 'Who can speak to the engine is root on the machine; read-only changes nothing, since the socket still answers.',
    bad: 'services:\n  ui: {image: portainer, volumes: ["/var/run/docker.sock:/var/run/docker.sock"]}\n',
    good: 'services:\n  ui: {image: portainer, environment: {DOCKER_HOST: "tcp://proxy:2375"}}\n  proxy:\n    image: tecnativa/docker-socket-proxy\n    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]\n',
    except: 'the image of a socket proxy',
    *remarks({ services, at }) {
      for (const { name, service } of services)
        for (const [index, mount] of (service.volumes ?? []).entries()) {
          if (!mount.source?.endsWith('/docker.sock') || /socket-?proxy/.test(service.image ?? '')) continue
          yield {
            at: at('services', name, 'volumes', String(index)),
            message: `"${name}" gets the engine’s socket, and with it this whole machine`,
            hint: mount.read_only
              ? 'read-only does not help: put a proxy between them that allows only what is needed'
              : 'put a proxy between them that allows only what is needed, or say why: # gantry-ignore docker-sock: …',
          }
        }
    },
  },
  {
    code: 'privileged',
    pack: 'security',
    star: true,
    severity: 'warning',
    why: 'All capabilities and all devices of the machine: a container that is broken into is the machine broken into.',
    bad: 'services:\n  vpn: {image: app, privileged: true}\n',
    good: 'services:\n  vpn: {image: app, cap_add: [NET_ADMIN]}\n',
    except: 'an engine inside a container (dind)',
    *remarks({ services, at }) {
      for (const { name, service } of services)
        if (service.privileged && !/dind/.test(service.image ?? ''))
          yield {
            at: at('services', name, 'privileged'),
            message: `"${name}" has every capability and every device of this machine`,
            hint: 'name what it needs: cap_add, devices',
          }
    },
  },
  {
    code: 'secret-literal',
    pack: 'security',
    star: true,
    severity: 'warning',
    why: 'Whoever can read the file, its history, "config" or "inspect" has it.',
    bad: 'services:\n  db:\n    image: postgres:16\n    environment: {POSTGRES_PASSWORD: hunter2}\n    volumes: ["pg:/var/lib/postgresql/data"]\nvolumes: {pg: }\n',
    good: 'services:\n  db:\n    image: postgres:16\n    environment: {POSTGRES_PASSWORD_FILE: /run/secrets/pw}\n    volumes: ["pg:/var/lib/postgresql/data"]\n    secrets: [pw]\nvolumes: {pg: }\nsecrets: {pw: {file: ./pw.txt}}\n',
    except: 'a variable, nothing, a file’s name, and for tests a word like "changeme"',
    *remarks({ written }) {
      for (const { name: service, key, node } of written) {
        const listed = entry(node, 'profiles')?.node
        const profiles = isList(listed) ? listed.items.map(item => textOf(item) ?? '') : []
        const testing = isForTests(service, { profiles }, key)
        const image = entry(node, 'image')?.node
        const files = isScalar(image) ? knownImage(String(image.value))?.files : undefined
        for (const { name, value, at } of assignedIn(entry(node, 'environment')?.node)) {
          if (value === undefined || value === '' || value.includes('$')) continue
          const inUrl = /^[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:[^\s/@]+@/i.test(value)
          if (!inUrl && !(isSecretName(name) && isSecretValue(value))) continue
          if (
            testing &&
            /^(?:test|changeme|change_?me|password|passw0rd|secret|example|postgres|root|admin|dummy)$/i.test(value)
          )
            continue
          yield {
            at,
            message: inUrl
              ? `a password stands in the value of "${name}"`
              : `the value of "${name}" stands in the file`,
            hint: files?.includes(name)
              ? `give it as a secret: ${name}_FILE: /run/secrets/…`
              : `give it as a secret, or write \${${name}:?} and set it where the file is not`,
          }
        }
      }
    },
  },
]

/** Narrower than what is masked: what is shown as stars by mistake costs nothing, a remark by mistake does. */
function isSecretName(name: string): boolean {
  if (/(?:^|_)(?:PUBLIC|PRIMARY|FOREIGN|SORT|PARTITION|ROUTING|CACHE|HOST|SSH_PUBLIC)_?KEY$/i.test(name)) return false
  return (
    /(?:PASSWORD|PASSWD|PASSPHRASE|TOKEN|SECRET|_KEY|_PWD|_PASS)$/i.test(name) &&
    !/_(?:PATH|DIR|NAME|ID|URL|TTL)$/i.test(name)
  )
}

const isSecretValue = (value: string): boolean =>
  !/^(?:true|false|yes|no|on|off|none|null|[01])$/i.test(value) && !/^(?:\.{0,2}\/|~)/.test(value)
