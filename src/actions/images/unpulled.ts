import type { Emit } from '../event.ts'

/**
 * A pull that failed and may fail, since a build can bring the image, is a step that is done; whoever reads is not told that the
 * image was pulled.
 */
export function withoutUnpulled(emit: Emit): Emit {
  const unpulled: string[] = []
  return event => {
    if (event.type === 'problem' && event.problem.code === 'pull-failed') unpulled.push(event.problem.message)
    const failed =
      event.type === 'step' &&
      event.op === 'pull-image' &&
      event.state === 'done' &&
      unpulled.some(message => message.startsWith(`image "${event.unit.name}" could not be pulled`))
    // docker compose's words.
    emit(failed ? { ...event, op: 'skip', message: 'Image can be built' } : event)
  }
}
