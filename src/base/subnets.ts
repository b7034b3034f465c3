/** The IPv4 addresses of "10.77.1.0/24", from the first to the last; undefined for what is no such text. */
export function addressesOf(subnet: string): { readonly first: number; readonly last: number } | undefined {
  const [, address = '', bits = ''] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(subnet) ?? []
  const size = 2 ** (32 - Number(bits))
  if (address === '' || size < 1) return undefined
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)
  const first = Math.floor(number / size) * size
  return { first, last: first + size - 1 }
}

/** Whether two subnets have an address in common. What is no IPv4 subnet has none. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [addressesOf(one), addressesOf(other)]
  return a !== undefined && b !== undefined && a.first <= b.last && b.first <= a.last
}

/** A subnet of 254 addresses that none of the given ones overlaps, of 10.77.0.0/16; the first of it where none is left. */
export function freeSubnet(taken: readonly string[]): string {
  const all = Array.from({ length: 255 }, (_, i) => `10.77.${i + 1}.0/24`)
  return all.find(subnet => !taken.some(other => overlap(other, subnet))) ?? all[0]!
}
