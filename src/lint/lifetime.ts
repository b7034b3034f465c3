import { databaseOf, knownImage } from './known-images.ts'
import { withLine } from './lines.ts'
import type { Rule } from './rule.ts'
import { contains } from './written.ts'

/** Restart policies, signals, and what the first process is. */
export const lifetime: readonly Rule[] = [
  {
    code: 'oneshot-restart-always',
    pack: 'prod',
    star: true,
    severity: 'warning',
    why: 'A job that others wait for to be completed is started again each time it is done, so it never is.',
    bad: 'services:\n  web:\n    image: app\n    depends_on: {migrate: {condition: service_completed_successfully}}\n  migrate: {image: app, restart: always}\n',
    good: 'services:\n  web:\n    image: app\n    depends_on: {migrate: {condition: service_completed_successfully}}\n  migrate: {image: app, restart: on-failure}\n',
    except: 'a worker that nobody waits for',
    fixes: true,
    *remarks({ services, at, written }) {
      const declared = new Map(services.map(({ name, service }) => [name, service]))
      for (const { name, service } of services)
        for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
          const job = declared.get(other)
          const restart = job?.restart
          if (
            condition !== 'service_completed_successfully' ||
            !restart ||
            !/^(?:always|unless-stopped)$/.test(restart)
          )
            continue
          const place = at('services', other, 'restart')
          const waiting = at('services', name, 'depends_on', other)
          // What comes by an anchor is other services' as well.
          const own = written.some(
            one => one.name === other && place && contains({ ...one.key, end: one.node.at.end }, place),
          )
          yield {
            at: place,
            message: `"${other}" is a job that "${name}" waits for, and "restart: ${restart}" runs it again each time it is done`,
            hint: 'write "restart: on-failure"',
            ...(waiting && { notes: [{ message: 'waited for here', at: waiting }] }),
            ...(place && own && { edits: [{ at: place, text: 'on-failure' }] }),
          }
        }
    },
  },
  {
    code: 'restart-twice',
    pack: 'prod',
    severity: 'warning',
    why: 'Both say when to start again, and deploy wins: the other one is never read.',
    bad: 'services:\n  web: {image: app, restart: always, deploy: {restart_policy: {condition: none}}}\n',
    good: 'services:\n  web: {image: app, restart: always}\n',
    except: 'both say the same',
    *remarks({ services, at }) {
      const same: Readonly<Record<string, RegExp>> = {
        none: /^no$/,
        any: /^(?:always|unless-stopped)$/,
        'on-failure': /^on-failure/,
      }
      for (const { name, service } of services) {
        const condition = service.deploy?.restart_policy?.condition
        if (service.restart === undefined || condition === undefined || same[condition]?.test(service.restart)) continue
        yield {
          at: at('services', name, 'restart'),
          message: `"restart: ${service.restart}" is not read: "deploy.restart_policy" says ${condition}`,
          hint: 'keep one of them',
        }
      }
    },
  },
  {
    code: 'no-restart-policy',
    pack: 'prod',
    severity: 'hint',
    why: 'After a crash, or a restart of the machine, it stays away.',
    bad: 'services:\n  web: {image: "app:1", ports: ["80:80"]}\n',
    good: 'services:\n  web: {image: "app:1", ports: ["80:80"], restart: unless-stopped}\n',
    except: 'nothing is published; source code is mounted, as while developing',
    *remarks({ services, at }) {
      for (const { name, service } of services) {
        const mounts = service.volumes?.some(({ type, source }) => type === 'bind' && source === service.build?.context)
        if (!service.ports?.length || service.restart !== undefined || service.deploy?.restart_policy || mounts)
          continue
        yield {
          at: at('services', name),
          message: `"${name}" is not started again after a crash or a restart of the machine`,
          hint: 'add restart: unless-stopped',
        }
      }
    },
  },
  {
    code: 'shell-pid1',
    pack: 'prod',
    severity: 'hint',
    why: 'The shell is the first process, and hands no signal on: each stop takes ten seconds and ends with a kill.',
    bad: 'services:\n  web:\n    image: app\n    command: sh -c "npm start; true"\n',
    good: 'services:\n  web:\n    image: app\n    init: true\n    command: sh -c "npm start; true"\n',
    except: 'exec in front of the program, a trap, or init',
    fixes: true,
    *remarks({ services, at, written }) {
      for (const { name, service } of services) {
        const [shell = '', option = '', line = ''] = [...(service.entrypoint ?? []), ...(service.command ?? [])]
        if (service.init !== undefined || !/(?:^|\/)(?:ba|da|a)?sh$/.test(shell) || !/^-\w*c$/.test(option)) continue
        if (/\b(?:exec|trap)\b/.test(line) || !/[;&|\n]/.test(line.trim())) continue
        const own = written.filter(one => one.name === name)
        yield {
          at: at('services', name, service.command?.length ? 'command' : 'entrypoint'),
          message: `a shell is the first process of "${name}", and hands no signal on`,
          hint: 'add init: true, or write exec in front of the last program',
          ...(own.length === 1 && withLine(own[0]!, 'init: true')),
        }
      }
    },
  },
  {
    code: 'npm-pid1',
    pack: 'prod',
    severity: 'hint',
    why: 'npm is the first process and gets the stop signal; the program that it started may not.',
    bad: 'services:\n  web: {image: app, command: npm start}\n',
    good: 'services:\n  web: {image: app, command: [node, server.js]}\n',
    except: 'init',
    *remarks({ services, at }) {
      for (const { name, service } of services) {
        const [first = ''] = [...(service.entrypoint ?? []), ...(service.command ?? [])]
        if (service.init || !/^(?:npm|yarn|pnpm)$/.test(first)) continue
        yield {
          at: at('services', name, service.entrypoint?.length ? 'entrypoint' : 'command'),
          message: `${first} is the first process of "${name}", not the program that it starts`,
          hint: 'start the program itself, or add init: true',
        }
      }
    },
  },
  {
    code: 'grace-short-db',
    pack: 'prod',
    severity: 'warning',
    why: 'A database that is killed while it writes has to recover at its next start.',
    bad: 'services:\n  db: {image: "postgres:16", stop_grace_period: 1s, volumes: ["pg:/var/lib/postgresql/data"]}\nvolumes: {pg: }\n',
    good: 'services:\n  db: {image: "postgres:16", stop_grace_period: 30s, volumes: ["pg:/var/lib/postgresql/data"]}\nvolumes: {pg: }\n',
    except: 'its data is in a tmpfs',
    *remarks({ services, at }) {
      for (const { name, service } of services) {
        const grace = service.stop_grace_period
        if (!databaseOf(service) || grace === undefined || grace >= 10_000 || service.tmpfs?.length) continue
        yield {
          at: at('services', name, 'stop_grace_period'),
          message: `"${name}" has ${grace / 1000} s to write what it holds before it is killed`,
          hint: 'give it 30s',
        }
      }
    },
  },
  {
    code: 'entrypoint-drops-cmd',
    pack: 'prod',
    severity: 'warning',
    why: 'An entrypoint in the file takes the image’s command away: the script runs without arguments and ends.',
    bad: 'services:\n  web: {image: nginx, entrypoint: /docker-entrypoint.sh}\n',
    good: 'services:\n  web: {image: nginx, entrypoint: /docker-entrypoint.sh, command: [nginx, -g, "daemon off;"]}\n',
    except: 'the entrypoint has arguments',
    *remarks({ services, at }) {
      for (const { name, service } of services) {
        if (service.entrypoint?.length !== 1 || service.command?.length || service.build) continue
        if (!knownImage(service.image)?.ports.length) continue
        yield {
          at: at('services', name, 'entrypoint'),
          message: `the entrypoint of "${name}" takes the command of its image away`,
          hint: 'write the command as well',
        }
      }
    },
  },
]
