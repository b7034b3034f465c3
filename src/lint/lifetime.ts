import type { Rule } from './rule.ts'

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
    *remarks({ services, at }) {
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
          yield {
            at: place,
            message: `"${other}" is a job that "${name}" waits for, and "restart: ${restart}" runs it again each time it is done`,
            hint: 'write "restart: on-failure"',
            ...(waiting && { notes: [{ message: 'waited for here', at: waiting }] }),
            ...(place && { edits: [{ at: place, text: 'on-failure' }] }),
          }
        }
    },
  },
]
