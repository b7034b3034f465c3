import { type BuildStep, type BuildSteps, isShown, stepLine } from './build.ts'
import { barOf, isShown as isMoving, type LayerRow, layerText } from './layers.ts'
import type { Told } from './narrate.ts'
import type { Paint } from './paint.ts'
import { fit, width } from './width.ts'
import { took } from './words.ts'

/** One thing of a plan and how far it is. */
export interface Row {
  readonly id: string
  /** Steps that have not ended. */
  left: number
  told: Told | undefined
  /** When its first step began; how long it took once it has ended. */
  began: number | undefined
  took: number | undefined
  /** Of an image that is pulled or pushed. */
  readonly layers: Map<string, LayerRow>
  /** Of an image that BuildKit builds. */
  readonly steps: BuildSteps
  readonly end: PromiseWithResolvers<void>
}

const spinner = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'

/**
 * The header, a line a row and one for each layer that moves and each step of a build, at most `most` lines; what does not fit is counted. What works or
 * failed is kept before what is done.
 */
export function frame(
  rows: readonly Row[],
  verb: string,
  most: number | undefined,
  columns: number,
  paint: Paint,
): string[] {
  const told = rows.filter(row => row.told !== undefined || most !== undefined)
  const done = rows.filter(isDone).length
  const header = `[+] ${verb} ${done}/${rows.length}`
  const items = told.flatMap((row): Item[] => {
    const steps = row.steps.all().filter(step => isShown(step, most === undefined))
    const layers = most !== undefined && isWorking(row) ? [...row.layers.values()].filter(isMoving) : []
    return [
      { row, rank: rankOf(row) },
      ...layers.map(layer => ({ layer, rank: 2 })),
      ...steps.map(step => ({ step, rank: stepRank[step.state] })),
    ]
  })
  const room = most === undefined ? items.length : most - 1
  const kept = items.length <= room ? items : chosen(items, Math.max(0, room - 1))
  const wide = Math.min(
    Math.floor(columns * 0.6),
    Math.max(0, ...kept.map(item => ('row' in item ? item.row.id.length : 0))),
  )
  const hidden = items.length - kept.length
  return [
    header,
    ...kept.map(item => {
      if ('row' in item) return line(item.row, wide, columns, paint)
      return 'layer' in item ? fit(layerText(item.layer), columns - 1) : stepLine(item.step, columns, paint)
    }),
    ...(hidden > 0 && room > 0 ? [` … ${hidden} more`] : []),
  ]
}

/** A line of the frame; the lower its rank, the rather it is shown. */
type Item = { readonly rank: number } & (
  | { readonly row: Row }
  | { readonly layer: LayerRow }
  | { readonly step: BuildStep }
)

const rankOf = (row: Row) => (row.told?.status === 'Error' ? 0 : isWorking(row) ? 1 : isDone(row) ? 3 : 4)
const stepRank = { failed: 0, started: 1, cancelled: 2, done: 4, cached: 4 } as const

const isDone = (row: Row) => row.told?.status === 'Done' && row.left <= 0
export const isWorking = (row: Row) => row.told?.status === 'Working' || (row.told?.status === 'Done' && row.left > 0)

function chosen(items: readonly Item[], room: number): readonly Item[] {
  const kept = new Set(items.toSorted((a, b) => a.rank - b.rank).slice(0, room))
  return items.filter(item => kept.has(item))
}

function line(row: Row, wide: number, columns: number, paint: Paint): string {
  const { told, began } = row
  const mark =
    told === undefined
      ? ' '
      : told.status === 'Error'
        ? paint('red', '✘')
        : told.status === 'Warning'
          ? paint('yellow', '!')
          : isDone(row)
            ? paint('green', '✔')
            : paint('cyan', spinner[Math.floor(performance.now() / 100) % spinner.length]!)
  const time = began === undefined ? '' : took(row.took ?? performance.now() - began)
  const text = [fit(row.id, wide).padEnd(wide), (told?.text ?? '').padEnd(10), rowBar(row), told?.details ?? '']
  const said = text.filter((part, i) => i < 2 || part !== '').join('  ')
  const room = Math.max(10, columns - 5)
  // How long it took is the first that a narrow terminal goes without.
  const timed = time !== '' && width(said) + 2 + time.length <= room ? `${said}  ${time}` : said
  return ` ${mark} ${fit(timed.trimEnd(), room)}`
}

/** Over all layers. */
const rowBar = ({ layers, told }: Row) => (told?.status === 'Working' && layers.size > 0 ? barOf(layers.values()) : '')
