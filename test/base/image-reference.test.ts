import { expect, test } from 'vitest'
import { isImageReference } from '../../src/base/image-reference.ts'

const digest = `sha256:${'0a'.repeat(32)}`

test.each([
  'busybox',
  'busybox:1.36',
  'shop/api:v2_1-rc.1',
  'a__b/c-d--e.f',
  'localhost/app',
  'localhost:5000/app',
  'Registry.example:5000/shop/api:2',
  '[::1]:5000/app:2',
  `busybox@${digest}`,
  `registry.example/shop/api:2@${digest}`,
  digest,
  '0a1b2c3d4e5f',
])('"%s" names an image', text => {
  expect(isImageReference(text)).toBe(true)
})

test.each([
  '',
  'busybox:',
  ':1',
  'shop/App:2',
  'Busybox',
  'a//b',
  'app:a b',
  'http://x/app',
  'app@sha256:12',
  '-app',
  'a___b',
])('"%s" does not', text => {
  expect(isImageReference(text)).toBe(false)
})
