/** Keys ordered so that each comes after everything it depends on; ties keep the given order. Throws `Cycle`. */
export function order<K>(keys: Iterable<K>, after: (key: K) => Iterable<K>): K[] {
  const sorted: K[] = []
  const state = new Map<K, 'open' | 'done'>()
  // A stack of our own: a chain of services may be longer than the language's stack is deep.
  const path: { readonly key: K; readonly rest: Iterator<K> }[] = []
  const enter = (key: K) => {
    if (state.get(key) === 'done') return
    if (state.get(key) === 'open') {
      const open = path.map(step => step.key)
      throw new Cycle([...open.slice(open.indexOf(key)), key])
    }
    state.set(key, 'open')
    path.push({ key, rest: after(key)[Symbol.iterator]() })
  }
  for (const key of keys) {
    enter(key)
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = top.rest.next()
      if (!next.done) {
        enter(next.value)
        continue
      }
      path.pop()
      state.set(top.key, 'done')
      sorted.push(top.key)
    }
  }
  return sorted
}

/** The keys that lead back to themselves; the first is repeated at the end. */
export class Cycle<K = unknown> extends Error {
  override readonly name = 'Cycle'
  readonly path: readonly K[]
  constructor(path: readonly K[]) {
    super(`cycle: ${path.join(' -> ')}`)
    this.path = path
  }
}
