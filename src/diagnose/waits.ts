import type { ContainerSummary } from '../engine/engine.ts'
import { LABEL } from '../model/names.ts'
import type { Project } from '../model/project.ts'
import type { About, Diagnosis } from './diagnosis.ts'
import type { Found } from './finding.ts'
import type { Subject } from './scene.ts'
import { logged } from './telling.ts'

/** Services that wait for others in vain. The others have causes of their own, which are told in place of these where they are known. */
export const waits: readonly Diagnosis[] = [
  logged({
    code: 'dependency-not-ready',
    cause: 'The program asks another service before that one takes connections, and gives up.',
    evidence:
      'The log says that a connection to a service of the project was refused; that one runs, and nothing waits until it is healthy.',
    fix: 'Give the other service a health check and wait for it (condition: service_healthy), or have the program try again.',
    says: /connect.*refused|ECONNREFUSED|refused.*connect/i,
    tell({ input }, { service, container }, { scene, declared }) {
      const other = Object.keys(scene.project?.services ?? {}).find(
        name => name !== service && new RegExp(`(?<![\\w.-])${name.replaceAll('.', '\\.')}(?![\\w-])`).test(input),
      )
      if (container?.state === 'running' || other === undefined) return undefined
      const runs = scene.neighbours.some(c => isOf(c, other, scene.project?.name) && c.state === 'running')
      if (!runs || declared?.depends_on?.[other]?.condition === 'service_healthy') return undefined
      return {
        message: `"${service}" gave up since "${other}" refused its connection: it was not ready yet, or does not listen on that port`,
        certainty: 'likely',
        hint: `wait until "${other}" is healthy, which takes a health check there`,
        fix: `depends_on:\n  ${other}: {condition: service_healthy}`,
        attribute: ['depends_on', other],
      }
    },
  }),
  {
    code: 'dependency-no-healthcheck',
    cause: 'A service waits until another one is healthy, and that one has no health check.',
    evidence: 'The dependency has no health check, neither in the file nor in its image.',
    fix: 'Give it a health check, or wait for its start only (condition: service_started).',
    find(subject, about) {
      const told = /container (\S+) has no healthcheck configured/.exec(subject.failure?.message ?? '')
      const own = told?.[1] === subject.name
      const dependency = own
        ? subject.service
        : vain(subject, about, ({ status }, condition) => condition === 'service_healthy' && isUpWithoutCheck(status))
            ?.service
      if (dependency === undefined) return undefined
      const waiting = own ? waitingFor(subject.service, about.scene.project) : [subject.service]
      const who = waiting.map(service => `"${service}"`).join(' and ') || 'a service'
      return {
        message: `${who} ${waiting.length > 1 ? 'wait' : 'waits'} until "${dependency}" is healthy, and "${dependency}" has no health check`,
        evidence: [
          own ? { field: 'wait', value: subject.failure!.message } : { field: 'State.Status', value: 'created' },
        ],
        certainty: 'certain',
        hint: `give "${dependency}" a health check, or have ${who} wait for its start only (condition: service_started)`,
        ...(own
          ? { fix: 'healthcheck:\n  test: [CMD, …]' }
          : {
              fix: `depends_on:\n  ${dependency}: {condition: service_started}`,
              attribute: ['depends_on', dependency],
            }),
      }
    },
  },
  waiting({
    code: 'dependency-unhealthy',
    cause: 'A service was to wait until another one is healthy, and that one became unhealthy.',
    evidence: 'The dependency’s container is unhealthy; the service itself was never started.',
    fix: 'Mend the dependency: its own card says why.',
    says: /dependency failed to start: container (\S+) is unhealthy/,
    fails: (status, condition) => condition === 'service_healthy' && status.includes('(unhealthy)'),
    tell: () => 'is unhealthy',
  }),
  waiting({
    code: 'dependency-exited',
    cause: 'A service waits for another one, and that one ended.',
    evidence: 'The dependency’s container has ended, with an error where it was to complete.',
    fix: 'Mend the dependency: its own card says why.',
    says: /dependency failed to start: container (\S+) exited \((\d+)\)|service "([^"]+)" didn't complete successfully: exit (\d+)/,
    fails(status, condition) {
      const code = exitCode(status)
      return code !== undefined && (condition === 'service_healthy' || code !== 0)
    },
    tell: status => `ended with ${exitCode(status) ?? 'an error'}`,
  }),
]

interface Waiting extends Pick<Diagnosis, 'code' | 'cause' | 'evidence' | 'fix'> {
  /** What the wait said that was for it. */
  readonly says: RegExp
  /** Whether waiting for a container that the engine tells of in such words is in vain. */
  readonly fails: (status: string, condition: string) => boolean
  /** What is with that container. */
  readonly tell: (status: string) => string
}

/** A service that was not started, told of the one that was not: by the call that failed, or by how the others are now. */
function waiting({ says, fails, tell, ...row }: Waiting): Diagnosis {
  const told = (subject: Subject, dependency: string, what: string, evidence: Found['evidence'][number]): Found => ({
    message: `"${subject.service}" was not started: "${dependency}", for which it waits, ${what}`,
    evidence: [evidence],
    certainty: 'certain',
    hint: `look at that one: "gantry why ${dependency}"`,
    attribute: ['depends_on', dependency],
  })
  return {
    ...row,
    find(subject, about) {
      const { failure } = subject
      const [, name, code, job, jobCode] = says.exec(failure?.message ?? '') ?? []
      if (failure && (name ?? job) !== undefined) {
        const dependency = job ?? serviceOf(name!, about)
        if (dependency === subject.service) return undefined
        const what = code ?? jobCode
        return told(subject, dependency, tell(what === undefined ? '' : `Exited (${what})`), {
          field: failure.doing,
          value: failure.message,
        })
      }
      const other = vain(subject, about, ({ status }, condition) => fails(status, condition))
      return (
        other &&
        told(subject, other.service, tell(other.container.status), {
          field: other.container.name,
          value: other.container.status,
        })
      )
    },
  }
}

/** A service for which one that was made and never started waits, and its container that fails the wait. */
function vain(
  { container, service, failure }: Subject,
  { scene, declared }: About,
  fails: (container: ContainerSummary, condition: string) => boolean,
): { readonly service: string; readonly container: ContainerSummary } | undefined {
  if (failure || container?.state !== 'created' || container.error !== '' || container.startedAt > 0) return undefined
  for (const [dependency, { condition, required }] of Object.entries(declared?.depends_on ?? {})) {
    if (condition === 'service_started' || !required || dependency === service) continue
    const found = scene.neighbours.find(c => isOf(c, dependency, scene.project?.name) && fails(c, condition))
    if (found) return { service: dependency, container: found }
  }
  return undefined
}

const isOf = ({ labels }: ContainerSummary, service: string, project: string | undefined): boolean =>
  labels[LABEL.project] === project && labels[LABEL.service] === service

/** The engine's words of a container that runs and is not looked after: "Up 5 seconds". */
const isUpWithoutCheck = (status: string): boolean => status.startsWith('Up ') && !/\((?:un)?health/.test(status)

function exitCode(status: string): number | undefined {
  const code = /^Exited \((\d+)\)/.exec(status)?.[1]
  return code === undefined ? undefined : Number(code)
}

function serviceOf(container: string, { scene }: About): string {
  const found = scene.neighbours.find(c => c.name === container)
  return found?.labels[LABEL.service] ?? container
}

const waitingFor = (dependency: string, project: Project | undefined): readonly string[] =>
  Object.entries(project?.services ?? {})
    .filter(([, { depends_on }]) => depends_on?.[dependency]?.condition === 'service_healthy')
    .map(([service]) => service)
