import type { Service } from '../model/project.ts'
import { finalStage } from './dockerfile.ts'
import { isChecked } from './health.ts'
import { databaseOf, imageName, tagOf } from './known-images.ts'
import type { Rule } from './rule.ts'
import type { Scope } from './scope.ts'
import { entry, partOf, scalarsIn, textOf, writtenAt } from './written.ts'

/** Health checks that work, but late, or not in this image. */
export const probes: readonly Rule[] = [
  {
    code: 'probe-tool-unknown',
    pack: 'prod',
    severity: 'warning',
    why: 'The image does not have the program that the health check calls, so it never passes.',
    bad: 'services:\n  web:\n    image: node:22-alpine\n    healthcheck: {test: curl -f http://127.0.0.1/}\n',
    good: 'services:\n  web:\n    image: node:22-alpine\n    healthcheck: {test: [CMD, wget, -qO-, "http://127.0.0.1/"]}\n',
    except: 'the Dockerfile installs it',
    *remarks(scope) {
      for (const { name, service } of scope.services) {
        const test = service.healthcheck?.test ?? []
        const lacks = lacking(service, scope)
        const tool = /\b(?:curl|wget)\b/.exec(test.join(' '))?.[0]
        if (tool === undefined || !lacks.includes(tool)) continue
        yield {
          at: partOf(scope.at('services', name, 'healthcheck', 'test'), tool),
          message: `the image of "${name}" has no ${tool}`,
          hint: lacks.includes('wget')
            ? 'install it, or check with a program of the image'
            : 'use wget, which is there',
        }
      }
    },
  },
  {
    code: 'probe-localhost',
    pack: 'style',
    severity: 'hint',
    why: 'localhost is ::1 first; a program that listens on IPv4 only is then taken for dead.',
    bad: 'services:\n  web:\n    image: app\n    healthcheck: {test: [CMD, curl, -f, "http://localhost:80"]}\n',
    good: 'services:\n  web:\n    image: app\n    healthcheck: {test: [CMD, curl, -f, "http://127.0.0.1:80"]}\n',
    except: 'a program that listens on both',
    fixes: true,
    *remarks({ written }) {
      for (const { node } of written) {
        const test = entry(node, 'healthcheck', 'test')?.node
        for (const { node: word } of test ? scalarsIn(test) : []) {
          if (!/:\/\/localhost\b/.test(textOf(word) ?? '')) continue
          const at = partOf(word.at, 'localhost')!
          yield {
            at,
            message: 'localhost may be ::1, where the program need not listen',
            hint: 'write 127.0.0.1',
            ...(writtenAt(at) === 'localhost' && { edits: [{ at, text: '127.0.0.1' }] }),
          }
        }
      }
    },
  },
  {
    code: 'start-period-slow',
    pack: 'prod',
    severity: 'warning',
    why: 'In the start period the first look comes after five seconds or later, so whoever waits starts late.',
    bad: 'services:\n  db:\n    image: app\n    healthcheck: {test: [CMD, "true"], start_period: 30s}\n',
    good: 'services:\n  db:\n    image: app\n    healthcheck: {test: [CMD, "true"], start_period: 30s, start_interval: 1s}\n',
    except: 'an engine before version 25, which knows no start_interval',
    *remarks({ services, at }) {
      for (const { name, service } of services) {
        const { start_period: period = 0, start_interval: interval } = service.healthcheck ?? {}
        if (period < 10_000 || interval !== undefined) continue
        yield {
          at: at('services', name, 'healthcheck', 'start_period'),
          message: `in the start period "${name}" is looked at every five seconds`,
          hint: 'add start_interval: 1s, where the engine is 25 or later',
        }
      }
    },
  },
  {
    code: 'probe-interval-default',
    pack: 'prod',
    severity: 'hint',
    why: 'Unless an interval is given the first look comes after 30 s, and all who wait wait so long.',
    bad: 'services:\n  web: {image: app, depends_on: {db: {condition: service_healthy}}}\n  db:\n    image: app\n    healthcheck: {test: [CMD, "true"]}\n',
    good: 'services:\n  web: {image: app, depends_on: {db: {condition: service_healthy}}}\n  db:\n    image: app\n    healthcheck: {test: [CMD, "true"], interval: 2s}\n',
    except: 'nobody waits for it',
    *remarks({ services, at }) {
      const awaited = new Set(
        services.flatMap(({ service }) =>
          Object.entries(service.depends_on ?? {}).flatMap(([name, { condition }]) =>
            condition === 'service_healthy' ? [name] : [],
          ),
        ),
      )
      for (const { name, service } of services) {
        const { test, interval, start_interval: early, disable } = service.healthcheck ?? {}
        if (!test || disable || interval !== undefined || early !== undefined || !awaited.has(name)) continue
        yield {
          at: at('services', name, 'healthcheck'),
          message: `"${name}" is waited for, and looked at after 30 s for the first time`,
          hint: 'add interval: 2s',
        }
      }
    },
  },
  {
    code: 'probe-timeout-short',
    pack: 'prod',
    severity: 'warning',
    why: 'Starting the check takes up to a second and more where the machine is busy: what is well becomes unhealthy.',
    bad: 'services:\n  web:\n    image: app\n    healthcheck: {test: [CMD, "true"], timeout: 300ms}\n',
    good: 'services:\n  web:\n    image: app\n    healthcheck: {test: [CMD, "true"], timeout: 5s}\n',
    *remarks({ services, at }) {
      for (const { name, service } of services) {
        const { timeout } = service.healthcheck ?? {}
        if (timeout === undefined || timeout <= 0 || timeout >= 1000) continue
        yield {
          at: at('services', name, 'healthcheck', 'timeout'),
          message: `the health check of "${name}" has to be done in ${timeout} ms, its start included`,
          hint: 'give it 5s',
        }
      }
    },
  },
  {
    code: 'started-is-not-ready',
    pack: 'prod',
    severity: 'hint',
    why: 'A database is started long before it answers; the check that would tell is there and not waited for.',
    bad: 'services:\n  web: {image: app, depends_on: [db]}\n  db:\n    image: postgres:16\n    volumes: ["pg:/var/lib/postgresql/data"]\n    healthcheck: {test: [CMD, pg_isready]}\nvolumes: {pg: }\n',
    good: 'services:\n  web: {image: app, depends_on: {db: {condition: service_healthy}}}\n  db:\n    image: postgres:16\n    volumes: ["pg:/var/lib/postgresql/data"]\n    healthcheck: {test: [CMD, pg_isready]}\nvolumes: {pg: }\n',
    except: 'the database has no health check',
    *remarks(scope) {
      const declared = new Map(scope.services.map(({ name, service }) => [name, service]))
      for (const { name, service } of scope.services)
        for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
          const needed = declared.get(other)
          if (condition !== 'service_started' || !needed || !databaseOf(needed)) continue
          if (isChecked(needed, scope) !== 'yes') continue
          yield {
            at: scope.at('services', name, 'depends_on', other),
            message: `"${name}" starts when "${other}" has started, not when it answers`,
            hint: `write ${other}: {condition: service_healthy}`,
          }
        }
    },
  },
]

/** Tools that an image is known not to have. Busybox brings wget; slim images of languages bring neither. */
function lacking(service: Service, scope: Scope): readonly string[] {
  const dockerfile = scope.dockerfileOf(service)
  const stage = dockerfile ? finalStage(dockerfile) : []
  if (stage.some(({ word, rest }) => word === 'RUN' && /\b(?:curl|wget)\b/.test(rest))) return []
  const image = dockerfile ? stage[0]?.rest.split(/\s+/).find(word => !word.startsWith('--')) : service.image
  if (image === undefined || (service.build && !dockerfile)) return []
  const name = imageName(image)!.replace(/^(?:docker\.io\/)?(?:library\/)?/, '')
  const tag = tagOf(image) ?? ''
  if (/distroless/.test(name)) return ['curl', 'wget']
  if (name === 'alpine' || name === 'busybox') return ['curl']
  if (!/^(?:node|python|ruby|golang|redis|postgres)$/.test(name)) return []
  if (tag.includes('alpine')) return ['curl']
  return tag.includes('slim') ? ['curl', 'wget'] : []
}
