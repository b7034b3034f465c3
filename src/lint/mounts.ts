import { basename, resolve } from 'node:path'
import type { Service } from '../model/project.ts'
import { type Dockerfile, finalStage } from './dockerfile.ts'
import type { Rule } from './rule.ts'

/** What a mount hides, and what it shows of the machine. */
export const mounts: readonly Rule[] = [
  {
    code: 'bind-source-absent',
    pack: 'prod',
    severity: 'warning',
    why: 'Where there is no such file the engine makes an empty directory of that name, which belongs to root.',
    bad: 'services:\n  web: {image: app, volumes: ["./app.conf:/etc/app.conf"]}\n',
    good: 'services:\n  web:\n    image: app\n    volumes:\n      - {type: bind, source: ./app.conf, target: /etc/app.conf, bind: {create_host_path: false}}\n',
    except: 'directories, which may well be made',
    *remarks({ services, at, files }) {
      for (const { name, service } of services)
        for (const [i, { type, source = '', bind }] of (service.volumes ?? []).entries()) {
          if (type !== 'bind' || bind?.create_host_path === false || files.stat(source)) continue
          if (!/[^.].*\.[A-Za-z][A-Za-z0-9]*$/.test(basename(source)) || /\.(?:d|sock)$/.test(source)) continue
          yield {
            at: at('services', name, 'volumes', String(i)),
            message: `there is no file "${basename(source)}", and the engine would make a directory of that name`,
            hint: 'make the file, or write bind: {create_host_path: false}',
          }
        }
    },
  },
  {
    code: 'bind-hides-build',
    pack: 'style',
    severity: 'hint',
    why: 'The mounted directory hides what the build put there, its dependencies for one.',
    bad: 'services:\n  web: {build: ., volumes: [".:/app"]}\n',
    good: 'services:\n  web: {build: ., volumes: [".:/app", "/app/node_modules"]}\n',
    except: 'another mount for the directory of dependencies',
    *remarks(scope) {
      for (const { name, service } of scope.services) {
        const dockerfile = scope.dockerfileOf(service)
        const folder = dockerfile && workdirOf(dockerfile)
        if (!dockerfile || folder === undefined || !installs(dockerfile)) continue
        for (const [i, { type, target }] of (service.volumes ?? []).entries()) {
          if (type !== 'bind' || target.replace(/\/$/, '') !== folder || hasBelow(service, folder)) continue
          yield {
            at: scope.at('services', name, 'volumes', String(i)),
            message: `what the build installed in ${folder} is hidden by this mount`,
            hint: `add a volume for it, such as ${folder}/node_modules`,
          }
        }
      }
    },
  },
  {
    code: 'volume-over-code',
    pack: 'prod',
    severity: 'warning',
    why: 'A volume is filled from the image once; later builds never get into it.',
    bad: 'services:\n  web: {build: ., volumes: ["code:/app"]}\nvolumes: {code: }\n',
    good: 'services:\n  web: {build: ., volumes: ["uploads:/app/uploads"]}\nvolumes: {uploads: }\n',
    except: 'a directory below the code, for uploads',
    *remarks(scope) {
      for (const { name, service } of scope.services) {
        const dockerfile = scope.dockerfileOf(service)
        if (!dockerfile) continue
        const targets = copiedTo(dockerfile)
        for (const [i, { type, source, target }] of (service.volumes ?? []).entries()) {
          if (type !== 'volume' || source === undefined || !targets.has(target.replace(/\/$/, ''))) continue
          yield {
            at: scope.at('services', name, 'volumes', String(i)),
            message: `the build copies to ${target}, and the volume keeps the first version for ever`,
            hint: 'mount the volume where data is, not code',
          }
        }
      }
    },
  },
  {
    code: 'single-file-bind',
    pack: 'style',
    severity: 'hint',
    why: 'Editors and programs write a new file and rename it: the container keeps the old one.',
    bad: 'services:\n  web: {image: app, volumes: ["./compose.yaml:/etc/app.yaml"]}\n',
    good: 'services:\n  web: {image: app, volumes: ["./compose.yaml:/etc/app.yaml:ro"]}\n',
    except: 'a mount that is read-only, as configuration mostly is',
    *remarks({ services, at, files }) {
      for (const { name, service } of services)
        for (const [i, { type, source = '', read_only: readOnly }] of (service.volumes ?? []).entries()) {
          if (type !== 'bind' || readOnly || files.stat(source)?.kind !== 'file') continue
          yield {
            at: at('services', name, 'volumes', String(i)),
            message: `a new "${basename(source)}" in place of this one does not get into the container`,
            hint: 'mount its directory, or mount it read-only',
          }
        }
    },
  },
  {
    code: 'sensitive-bind',
    pack: 'security',
    severity: 'warning',
    why: 'Whoever gets into the container gets what is most worth having on the machine.',
    bad: 'services:\n  web: {image: app, volumes: ["/:/host"]}\n',
    good: 'services:\n  web: {image: app, volumes: ["/etc/localtime:/etc/localtime:ro"]}\n',
    except: 'monitoring programs that have it read-only',
    *remarks({ services, at }) {
      const whole = /^(?:\/|\/etc|\/var\/run|\/run|\/proc|\/sys|\/dev|\/boot|\/root|\/home|\/var\/lib\/docker)$/
      const watches = /exporter|cadvisor|telegraf|netdata|datadog|promtail|prometheus|alloy|fluent|vector/i
      for (const { name, service } of services)
        for (const [i, { type, source = '', read_only: readOnly }] of (service.volumes ?? []).entries()) {
          const path = source.length > 1 ? source.replace(/\/+$/, '') : source
          if (type !== 'bind' || !(whole.test(path) || /\/\.(?:ssh|aws|kube|gnupg|docker)$/.test(path))) continue
          if (readOnly && watches.test(service.image ?? '')) continue
          yield {
            at: at('services', name, 'volumes', String(i)),
            message: `"${name}" gets ${path} of this machine`,
            hint: 'mount the one file that it needs, read-only',
          }
        }
    },
  },
]

function workdirOf(dockerfile: Dockerfile): string | undefined {
  const folder = finalStage(dockerfile).findLast(({ word }) => word === 'WORKDIR')?.rest
  return folder?.startsWith('/') ? folder.replace(/\/$/, '') : undefined
}

const installs = (dockerfile: Dockerfile): boolean =>
  finalStage(dockerfile).some(
    ({ word, rest }) => word === 'RUN' && /\b(?:npm|yarn|pnpm|pip|poetry|bundle|composer|go build|cargo)\b/.test(rest),
  )

const hasBelow = ({ volumes = [] }: Service, folder: string): boolean =>
  volumes.some(({ target }) => target.startsWith(`${folder}/`))

/** Where the final stage copies a whole directory to. */
function copiedTo(dockerfile: Dockerfile): ReadonlySet<string> {
  const found = new Set<string>()
  let folder = '/'
  for (const { word, rest } of finalStage(dockerfile)) {
    if (word === 'WORKDIR') folder = resolve(folder, rest)
    if (word !== 'COPY' && word !== 'ADD') continue
    const words = rest.split(/\s+/).filter(part => !part.startsWith('--'))
    if (words.length === 2 && /^\.\/?$|\/$/.test(words[0]!)) found.add(resolve(folder, words[1]!))
  }
  return found
}
