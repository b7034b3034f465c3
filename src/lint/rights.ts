import type { Service } from '../model/project.ts'
import { finalStage } from './dockerfile.ts'
import { databaseOf, imageName, knownImage, tagOf } from './known-images.ts'
import type { Rule, Severity } from './rule.ts'
import type { Scope } from './scope.ts'

interface OfService extends Pick<Rule, 'code' | 'pack' | 'why' | 'bad' | 'good' | 'except'> {
  readonly severity: Severity
  /** Below the service; the service itself where it is about what is not there. */
  readonly at?: readonly string[]
  readonly hint: string
  /** What is so of a service that is remarked on. */
  readonly says: (service: Service, name: string, scope: Scope) => string | undefined
}

/** A rule that looks at one service at a time. */
function ofService({ at = [], hint, says, ...row }: OfService): Rule {
  return {
    ...row,
    *remarks(scope) {
      for (const { name, service } of scope.services) {
        const message = service.provider ? undefined : says(service, name, scope)
        if (message !== undefined) yield { at: scope.at('services', name, ...at), message, hint }
      }
    },
  }
}

const unconfined = (option: string) => /^seccomp[:=]unconfined$/.test(option)

/** What production asks for, and what a container need not have. */
export const rights: readonly Rule[] = [
  ofService({
    code: 'no-memory-limit',
    pack: 'prod',
    severity: 'hint',
    why: 'One service can take all the memory of the machine from the others.',
    bad: 'services:\n  web: {image: "app:1"}\n',
    good: 'services:\n  web: {image: "app:1", mem_limit: 512m}\n',
    hint: 'add mem_limit: 512m, or what it needs',
    says: (service, name) =>
      service.mem_limit || service.deploy?.resources?.limits?.memory
        ? undefined
        : `"${name}" may take all the memory of this machine`,
  }),
  ofService({
    code: 'log-unbounded',
    pack: 'prod',
    severity: 'hint',
    why: 'The engine’s default log is one file that grows until the disk is full.',
    bad: 'services:\n  web: {image: "app:1"}\n',
    good: 'services:\n  web: {image: "app:1", logging: {options: {max-size: 10m, max-file: "3"}}}\n',
    except: 'another driver',
    hint: 'add logging: {options: {max-size: 10m, max-file: "3"}}',
    says: ({ logging }, name) =>
      (logging?.driver !== undefined && logging.driver !== 'json-file') || logging?.options?.['max-size']
        ? undefined
        : `the log of "${name}" grows without end`,
  }),
  ofService({
    code: 'image-unpinned',
    pack: 'prod',
    severity: 'hint',
    why: 'Another day it is another program: nothing in the file changed, and it no longer starts.',
    bad: 'services:\n  cache: {image: redis}\n',
    good: 'services:\n  cache: {image: "redis:7.4"}\n',
    except: 'images that are built here',
    at: ['image'],
    hint: 'give a version, or write a lock: gantry lock',
    says: ({ image, build }) =>
      image === undefined || build || tagOf(image) !== 'latest'
        ? undefined
        : `"${imageName(image)}" is whatever is newest`,
  }),
  ofService({
    code: 'runs-as-root',
    pack: 'security',
    severity: 'hint',
    why: 'A fault in the program is then a fault of root, with what the engine leaves to root in a container.',
    bad: 'services:\n  web: {image: "app:1"}\n',
    good: 'services:\n  web: {image: "app:1", user: "1000:1000"}\n',
    except: 'images that drop rights themselves, as databases do',
    hint: 'add user: "1000:1000", or USER to the Dockerfile',
    says: (service, name, { dockerfileOf }) => {
      if (service.user !== undefined && !/^(?:0|root)(?::|$)/.test(service.user)) return undefined
      if (service.user === undefined && knownImage(service.image)?.ownUser) return undefined
      const dockerfile = dockerfileOf(service)
      const user = dockerfile && finalStage(dockerfile).findLast(({ word }) => word === 'USER')?.rest
      return service.user === undefined && user !== undefined && !/^(?:0|root)(?::|$)/.test(user)
        ? undefined
        : `"${name}" runs as root, as far as can be seen`
    },
  }),
  ofService({
    code: 'no-new-privileges-missing',
    pack: 'security',
    severity: 'hint',
    why: 'A program with the setuid bit makes root of whoever starts it.',
    bad: 'services:\n  web: {image: "app:1"}\n',
    good: 'services:\n  web: {image: "app:1", security_opt: ["no-new-privileges:true"]}\n',
    hint: 'add security_opt: ["no-new-privileges:true"]',
    says: ({ security_opt: options = [], privileged }, name) =>
      privileged || options.some(option => /^no-new-privileges(?:[:=]true)?$/.test(option))
        ? undefined
        : `programs in "${name}" may gain rights`,
  }),
  ofService({
    code: 'caps-not-dropped',
    pack: 'security',
    severity: 'hint',
    why: 'The engine leaves root fourteen capabilities, of which a program mostly needs none.',
    bad: 'services:\n  web: {image: "app:1"}\n',
    good: 'services:\n  web: {image: "app:1", cap_drop: [ALL]}\n',
    hint: 'add cap_drop: [ALL], and cap_add with what it needs',
    says: ({ cap_drop: dropped = [], privileged }, name) =>
      privileged || dropped.some(name => /^all$/i.test(name))
        ? undefined
        : `"${name}" keeps capabilities that it may not need`,
  }),
  ofService({
    code: 'rootfs-writable',
    pack: 'security',
    severity: 'hint',
    why: 'Whoever gets in can put programs there, and change those that are.',
    bad: 'services:\n  web: {image: "app:1"}\n',
    good: 'services:\n  web: {image: "app:1", read_only: true, tmpfs: [/tmp]}\n',
    except: 'databases',
    hint: 'add read_only: true and tmpfs: [/tmp]',
    says: (service, name) =>
      service.read_only || databaseOf(service) ? undefined : `"${name}" can write to its own programs`,
  }),
  {
    code: 'host-namespace',
    pack: 'security',
    severity: 'warning',
    why: 'It sees the processes of the machine, or shares memory with them.',
    bad: 'services:\n  web: {image: "app:1", pid: host}\n',
    good: 'services:\n  web: {image: "app:1"}\n',
    except: 'programs that watch the machine',
    *remarks({ services, at }) {
      for (const { name, service } of services)
        for (const key of ['pid', 'ipc'] as const) {
          if (service[key] !== 'host' || /exporter|cadvisor|netdata|datadog/.test(service.image ?? '')) continue
          yield {
            at: at('services', name, key),
            message:
              key === 'pid'
                ? `"${name}" sees the processes of this machine`
                : `"${name}" shares memory with programs of this machine`,
            hint: key === 'pid' ? 'remove it' : 'remove it; for more shared memory there is shm_size',
          }
        }
    },
  },
  ofService({
    code: 'seccomp-off',
    pack: 'security',
    severity: 'warning',
    why: 'All system calls are open, those too by which containers were broken out of.',
    bad: 'services:\n  web: {image: "app:1", security_opt: ["seccomp:unconfined"]}\n',
    good: 'services:\n  web: {image: "app:1", security_opt: ["seccomp:./profile.json"]}\n',
    at: ['security_opt'],
    hint: 'remove it, or name a profile that allows what is needed',
    says: ({ security_opt: options = [] }, name) =>
      options.some(unconfined) ? `"${name}" may make every system call` : undefined,
  }),
  ofService({
    code: 'cap-all',
    pack: 'security',
    severity: 'warning',
    why: 'All capabilities together are as good as being root on the machine.',
    bad: 'services:\n  web: {image: "app:1", cap_add: [ALL]}\n',
    good: 'services:\n  web: {image: "app:1", cap_add: [NET_ADMIN]}\n',
    at: ['cap_add'],
    hint: 'name those that it needs',
    says: ({ cap_add: added = [] }, name) =>
      added.some(capability => /^(?:CAP_)?ALL$/i.test(capability)) ? `"${name}" has every capability` : undefined,
  }),
]
