import { expect, test } from 'vitest'
import { fit, width } from '../../src/ui/width.ts'

test('wide characters take two cells, marks none, colours none', () => {
  expect(width('abc')).toBe(3)
  expect(width('世界')).toBe(4)
  expect(width('e\u0301')).toBe(1)
  expect(width('🚀')).toBe(2)
  expect(width('\u001b[31mred\u001b[39m')).toBe(3)
})

test('a text is cut to its cells, with an ellipsis', () => {
  expect(fit('shop-web-1', 20)).toBe('shop-web-1')
  expect(fit('shop-web-1', 6)).toBe('shop-…')
  expect(fit('世界世界', 5)).toBe('世界…')
})
