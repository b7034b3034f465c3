/** Bytes that come or go between two sweeps: what is kept of them lies outside of V8's heap, and 50 MB take as many of Node's buffers. */
const every = 8 << 20

let passed = 0
let sweep: (() => void) | undefined

/**
 * Says that so many bytes went through buffers that nobody needs any more. V8 counts the few bytes of its own that a buffer takes, and by
 * itself lets 100 MB of them wait; so who moves much has them swept, which takes less than a millisecond while little is alive.
 */
export function passing(bytes: number): void {
  passed += bytes
  if (passed < every) return
  passed = 0
  sweep ??= collector()
  sweep()
}

function collector(): () => void {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  const { runInNewContext } = process.getBuiltinModule('node:vm')
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void
  setFlagsFromString('--no-expose-gc')
  return () => collect({ type: 'minor' })
}
