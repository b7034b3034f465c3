/** What `make` gives for each, in their order, with at most so many under way at once. The first failure is thrown. */
export async function inLanes<T, R>(
  items: readonly T[],
  lanes: number,
  make: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const made: R[] = []
  const waiting = items.entries()
  const lane = async () => {
    for (const [i, item] of waiting) made[i] = await make(item)
  }
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane))
  return made
}
