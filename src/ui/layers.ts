import type { Told } from './narrate.ts'
import { size } from './words.ts'

/** How far a layer of a pull or push is. */
export interface LayerRow {
  readonly id: string
  readonly text: string
  /** Bytes of what is being done with it; 0 where the engine does not say. */
  readonly current: number
  readonly total: number
  /** Bytes on the line: unpacking does not begin anew. */
  readonly moved: number
}

const moving = /^(?:Downloading|Pushing)$/

/** A layer after what was told of it. */
export function heard(before: LayerRow | undefined, { part = '', text, current = 0, total = 0 }: Told): LayerRow {
  const size = total || before?.total || 0
  const moved = moving.test(text) ? current : /^(?:Waiting|Preparing|Pulling fs layer|Retrying)/.test(text) ? 0 : size
  return { id: part, text, current, total: size, moved }
}

/** Whether something is being done with it that takes its time. */
export const isShown = ({ text }: LayerRow) =>
  moving.test(text) || /^(?:Extracting|Verifying Checksum|Retrying)/.test(text)

/** `     4f4fb700ef54  Downloading  [⣿⣿⣀⣀⣀⣀⣀⣀⣀⣀] 12MB / 34MB` */
export function layerText({ id, text, current, total }: LayerRow): string {
  return [`     ${id}`, text.padEnd(11), bar(current, total)].filter(part => part !== '').join('  ')
}

/** `[⣿⣿⣀⣀] 12MB / 34MB` over all layers, as they come over the line. */
export function barOf(layers: Iterable<LayerRow>): string {
  const all = [...layers]
  return bar(
    all.reduce((sum, layer) => sum + Math.min(layer.moved, layer.total), 0),
    all.reduce((sum, layer) => sum + layer.total, 0),
  )
}

function bar(current: number, total: number): string {
  if (total === 0) return ''
  const filled = Math.min(10, Math.round((current / total) * 10))
  return `[${'⣿'.repeat(filled)}${'⣀'.repeat(10 - filled)}] ${size(current, 3)} / ${size(total, 3)}`
}
