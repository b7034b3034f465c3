import { type Message, read } from '../../../base/protobuf.ts'
import { withoutCredentials } from '../../../base/url-credentials.ts'
import type { BuildTold } from '../../build.ts'
import { lineSpan } from './dockerfile-lines.ts'

/**
 * Makes of BuildKit's status messages what has changed: it repeats what it has told before, and a step may begin anew.
 * Source: StatusResponse in api/services/control/control.proto of moby/buildkit.
 */
export function tracer(onTold: (told: BuildTold) => void): (status: Message) => void {
  const states = new Map<string, string>()
  const amounts = new Map<string, number>()
  const decoders = new Map<string, InstanceType<typeof TextDecoder>>()
  const vertex = (told: Message) => {
    // Steps are named by their source, which may be an address with a password in it (0.8 of 20.10 does not hide it).
    const [id, name, error] = [told.text(1), withoutCredentials(told.text(3)), withoutCredentials(told.text(7))]
    const [began, ended] = [time(told.bytes(5)), time(told.bytes(6))]
    if (began === undefined && !told.number(4)) return
    const state = stateOf(told, error, ended)
    const key = `${state} ${began} ${ended}`
    if (states.get(id) === key) return
    states.set(id, key)
    onTold({
      kind: 'vertex',
      id,
      name,
      state,
      ...(began !== undefined && ended !== undefined && { elapsed: Math.max(0, ended - began) }),
      ...(error !== '' && { error }),
    })
  }
  const amount = (told: Message) => {
    const [what, id, current, total] = [told.text(3) || told.text(1), told.text(2), told.number(4), told.number(5)]
    const done = told.has(8)
    const key = `${id} ${told.text(1)}`
    const seen = done ? -1 : current
    if (amounts.get(key) === seen) return
    amounts.set(key, seen)
    onTold({ kind: 'amount', id, what, current, ...(total > 0 && { total }), done })
  }
  const output = (told: Message) => {
    const id = told.text(1)
    // A character may be cut in two; both streams of a step are one to whoever reads.
    const decoder = decoders.get(id) ?? new TextDecoder()
    decoders.set(id, decoder)
    const text = decoder.decode(told.bytes(4), { stream: true })
    if (text !== '') onTold({ kind: 'output', id, text })
  }
  return status => {
    for (const bytes of status.all(1)) vertex(read(bytes))
    for (const bytes of status.all(2)) amount(read(bytes))
    for (const bytes of status.all(3)) output(read(bytes))
    for (const bytes of status.all(4)) onTold(warning(read(bytes)))
  }
}

function stateOf(told: Message, error: string, ended: number | undefined) {
  // BuildKit's own words for a step that another one's failure ended.
  if (error !== '') return /context canceled$/i.test(error) ? 'cancelled' : 'failed'
  if (told.number(4)) return 'cached'
  return ended === undefined ? 'started' : 'done'
}

function warning(told: Message): BuildTold {
  const url = told.text(5)
  const [range] = told.all(7)
  const info = read(told.bytes(6))
  const line = range && read(read(range).bytes(1)).number(1)
  const at = line && info.has(2) ? lineSpan({ filename: info.text(1), text: info.text(2) }, line) : undefined
  return { kind: 'warning', message: told.text(3), ...(url !== '' && { url }), ...(at && { at }) }
}

/** Milliseconds of a google.protobuf.Timestamp; undefined where there is none. */
function time(bytes: Buffer): number | undefined {
  if (bytes.length === 0) return undefined
  const timestamp = read(bytes)
  return timestamp.number(1) * 1000 + timestamp.number(2) / 1e6
}
