import type { Engine } from '../engine/engine.ts'
import type { Desired } from '../local/desired.ts'
import { isOurs } from '../local/judge/orphans.ts'
import type { Observed } from '../local/observe.ts'
import { LABEL } from '../model/names.ts'
import type { Question } from '../plan/plan.ts'
import type { Problem } from '../text/problem.ts'
import type { ActionOptions } from './options.ts'

/**
 * Asks whether a volume may be made anew, and says which containers go with it for good. Where others than the project's
 * use it, nobody is asked: it could not be removed once ours are gone.
 */
export async function consent(
  question: Question,
  desired: Desired,
  observed: Observed,
  { engine, ask }: { readonly engine: Pick<Engine, 'listContainers'> } & Pick<ActionOptions, 'ask'>,
): Promise<{ readonly yes: boolean; readonly problems: readonly Problem[] }> {
  const volume = /^volume:(.+)$/.exec(question.id)?.[1]
  if (volume === undefined || !ask) return { yes: (await ask?.(question)) ?? false, problems: [] }
  const users = await engine.listContainers({ volume, all: true })
  const known = users.map(c => ({ ...c, ours: observed.containers.find(({ id }) => id === c.id) }))
  // One that has come since we looked is another command's, which is at work on the same project.
  const others = known.filter(c => c.labels[LABEL.project] !== desired.project || !isOurs(c, desired))
  if (others.length > 0) {
    const names = others.map(({ name }) => `"${name}"`).join(', ')
    const message = `volume "${volume}" cannot be made anew: ${names} of another project ${others.length === 1 ? 'uses' : 'use'} it`
    return { yes: false, problems: [{ code: 'volume-shared', severity: 'warning', message }] }
  }
  const comesBack = (service: string, kind: string) => kind === 'replica' && desired.declared.has(service)
  const lost = known.filter(({ ours }) => ours && !comesBack(ours.service, ours.kind)).map(({ name }) => name)
  const also = lost.length > 0 ? ` ${lost.join(', ')} ${lost.length === 1 ? 'goes' : 'go'} with it.` : ''
  return { yes: await ask({ ...question, ask: `${question.ask}${also}` }), problems: [] }
}
