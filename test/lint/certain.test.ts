import { expect, test } from 'vitest'
import { certain } from '../../src/lint/certain.ts'
import { rules } from '../../src/lint/rules.ts'

test('what is certain to go wrong is every rule of the default pack that finds errors', () => {
  expect(certain.map(({ code }) => code)).toEqual(
    rules.filter(({ star, severity }) => star && severity === 'error').map(({ code }) => code),
  )
})
