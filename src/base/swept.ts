/** Bytes that come or go between two sweeps: what is kept of them lies outside of V8's heap, and 50 MB take as many of Node's buffers. */
const every = 8 << 20

const passed = { minor: 0, major: 0 }
let sweep: ((options: { readonly type: 'minor' | 'major' }) => void) | undefined

/**
 * Says that so many bytes went through buffers that nobody needs any more. V8 counts the few bytes of its own that a buffer takes, and by
 * itself lets 100 MB of them wait; so who moves much has them swept, which takes less than a millisecond while little is alive. Those that
 * lay about for a while are found by a `major` sweep only, which takes some ten.
 */
export function passing(bytes: number, type: 'minor' | 'major' = 'minor'): void {
  passed[type] += bytes
  if (passed[type] < every) return
  passed[type] = 0
  sweep ??= collector()
  sweep({ type })
}

function collector(): NonNullable<typeof sweep> {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  const { runInNewContext } = process.getBuiltinModule('node:vm')
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as NonNullable<typeof sweep>
  setFlagsFromString('--no-expose-gc')
  return collect
}
