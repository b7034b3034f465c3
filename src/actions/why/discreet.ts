import { hiding } from '../../diagnose/masking.ts'
import type { Subject } from '../../diagnose/scene.ts'
import type { Project } from '../../model/project.ts'
import type { FailureEvent } from '../event.ts'

/** A card as others may see it: what its container printed, and how it is looked after, without the secrets that it was given. */
export function discreet(card: FailureEvent, subject: Subject, project: Project | undefined): FailureEvent {
  const hide = hiding(subject, project?.services[subject.service])
  const { probe } = card
  return {
    ...card,
    cause: hide(card.cause),
    log: card.log.map(hide),
    ...(probe && { probe: { ...probe, command: hide(probe.command), output: hide(probe.output) } }),
  }
}
