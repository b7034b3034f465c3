import { createHash } from 'node:crypto'
import type { ContainerSpec, Engine } from '../engine/engine.ts'
import { LABEL } from '../model/names.ts'
import type { Late } from './steps.ts'

/** Ids in place of the placeholders, and the hash taken again of what is known now. */
export async function filledIn(
  spec: ContainerSpec,
  { parents, hashed }: Late,
  engine: Pick<Engine, 'inspectContainer'>,
  labelled = true,
): Promise<ContainerSpec> {
  const ids = await Promise.all(
    Object.entries(parents).map(async ([placeholder, ref]) => [placeholder, (await engine.inspectContainer(ref)).id]),
  )
  const fill = (text: string) => ids.reduce((filled, [placeholder, id]) => filled.replaceAll(placeholder!, id!), text)
  const filled = JSON.parse(fill(JSON.stringify(spec))) as ContainerSpec
  if (!labelled) return filled
  const hash = createHash('sha256').update(fill(hashed)).digest('hex')
  return { ...filled, labels: { ...filled.labels, [LABEL.config_hash]: hash } }
}
