import { expect, test } from 'vitest'
import { addressesOf, freeSubnet, overlap } from '../../src/base/subnets.ts'

test('a subnet has the addresses that its bits leave open, wherever in it the text points', () => {
  expect(addressesOf('0.0.0.0/0')).toEqual({ first: 0, last: 2 ** 32 - 1 })
  expect(addressesOf('255.255.255.255/32')).toEqual({ first: 2 ** 32 - 1, last: 2 ** 32 - 1 })
  expect(addressesOf('10.0.1.77/24')).toEqual(addressesOf('10.0.1.0/24'))
})

test('what is no IPv4 subnet has no addresses', () => {
  for (const text of ['', '10.0.0.0', 'fd00::/64', '10.0.0.0/33', 'x/8']) expect(addressesOf(text)).toBeUndefined()
})

test('subnets overlap where one holds the other, or both are the same, and not where they only touch', () => {
  expect(overlap('10.0.0.0/8', '10.77.1.0/24')).toBe(true)
  expect(overlap('10.77.1.0/24', '10.0.0.0/8')).toBe(true)
  expect(overlap('10.77.1.0/24', '10.77.1.0/24')).toBe(true)
  expect(overlap('10.77.1.0/24', '10.77.2.0/24')).toBe(false)
  expect(overlap('10.77.1.0/24', 'fd00::/64')).toBe(false)
})

test('a free subnet is one that nobody has', () => {
  expect(freeSubnet([])).toBe('10.77.1.0/24')
  expect(freeSubnet(['10.77.1.0/24', '10.77.2.128/25'])).toBe('10.77.3.0/24')
  expect(freeSubnet(['10.0.0.0/8'])).toBe('10.77.1.0/24')
})
