import { diagnose, probeKey } from '../../src/diagnose/diagnose.ts'
import type { Finding } from '../../src/diagnose/finding.ts'
import type { Facts, Probe, Scene, Subject } from '../../src/diagnose/scene.ts'
import type { ContainerDetail, EngineEvent, LiveSpec } from '../../src/engine/engine.ts'
import type { Service } from '../../src/model/project.ts'
import { nowhere } from '../../src/text/origin.ts'
import { anImage } from './image.ts'
import { aProject } from './project.ts'

export interface SubjectParts {
  readonly container?: Partial<Omit<ContainerDetail, 'spec'>> & { readonly spec?: Partial<LiveSpec> }
  /** Actions since it was made, in order: `start`, `oom`, `die`. */
  readonly events?: readonly (string | Partial<EngineEvent>)[]
  readonly log?: readonly string[]
  readonly failure?: Subject['failure']
  readonly image?: Partial<NonNullable<Subject['image']>>
}

const started = 1_000_000

/** A container of service "web" that ran for two seconds and ended with 0, but for what a test says. */
export function aSubject({ container, events = [], log = [], failure, image }: SubjectParts, service = 'web'): Subject {
  return {
    service,
    name: `shop-${service}-1`,
    ...(container && { container: aContainer(service, container) }),
    ...(image && { image: anImage({ tags: ['web:1'], size: 1, ...image }) }),
    events: events.map((event, i) => ({
      id: `${service}-id`,
      name: `shop-${service}-1`,
      action: '',
      detail: '',
      time: started + i * 100,
      attributes: {},
      ...(typeof event === 'string' ? { action: event } : event),
    })),
    log,
    ...(failure && { failure }),
  }
}

function aContainer(service: string, parts: NonNullable<SubjectParts['container']>): ContainerDetail {
  return {
    id: `${service}-id`,
    name: `shop-${service}-1`,
    created: started - 100,
    imageId: 'sha256:1',
    state: 'exited',
    pid: 0,
    exitCode: 0,
    oomKilled: false,
    error: '',
    startedAt: started,
    finishedAt: started + 2000,
    restartCount: 0,
    tty: false,
    labels: {},
    networks: [],
    mounts: [],
    ports: [],
    logDriver: 'json-file',
    ...parts,
    spec: {
      image: 'web:1',
      command: null,
      entrypoint: null,
      env: [],
      user: '',
      working_dir: '',
      hostname: '',
      stop_signal: '',
      restart: 'no',
      memory: 0,
      memory_swap: 0,
      memory_reservation: 0,
      nano_cpus: 0,
      cpu_shares: 0,
      cpu_quota: 0,
      cpu_period: 0,
      cpuset_cpus: '',
      pids_limit: 0,
      binds: [],
      network_mode: 'shop_default',
      privileged: false,
      read_only: false,
      ...parts.spec,
    } as LiveSpec,
  }
}

export interface SceneParts extends Partial<Omit<Scene, 'subjects'>> {
  readonly services?: Readonly<Record<string, Service>>
  /** Answers to probes, as far as there are any. */
  readonly facts?: readonly (readonly [Probe, Facts[Probe['what']] | 'unknown'])[]
}

/** What is told of subjects, and what would have to be known to tell more. */
export function diagnosed(subjects: readonly Subject[], { services, facts = [], ...scene }: SceneParts = {}) {
  return diagnose(
    {
      now: started + 5000,
      engine: { flavour: 'docker', version: '28.5.2', os: 'linux', arch: 'amd64' },
      ...(services && { project: aProject(services) }),
      neighbours: [],
      networks: [],
      ...scene,
      subjects,
    },
    new Map(facts.map(([probe, fact]) => [probeKey(probe), fact])),
    nowhere,
  )
}

/** The codes told of one subject, in order. */
export const codesOf = (subject: Subject, scene?: SceneParts): readonly string[] =>
  diagnosed([subject], scene).findings.map((finding: Finding) => finding.code)
