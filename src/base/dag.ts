/** Keys ordered so that each comes after everything it depends on; ties keep the given order. Throws `Cycle`. */
export function order<K>(keys: Iterable<K>, after: (key: K) => Iterable<K>): K[] {
  const sorted: K[] = []
  const state = new Map<K, 'open' | 'done'>()
  const path: K[] = []
  const visit = (key: K) => {
    if (state.get(key) === 'done') return
    if (state.get(key) === 'open') throw new Cycle([...path.slice(path.indexOf(key)), key])
    state.set(key, 'open')
    path.push(key)
    for (const dependency of after(key)) visit(dependency)
    path.pop()
    state.set(key, 'done')
    sorted.push(key)
  }
  for (const key of keys) visit(key)
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
