import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorsText } from '../../build/errors-page.ts'

test('docs/errors.md is what the tables give: "node build/errors-page.ts" writes it', () => {
  expect(readFileSync('docs/errors.md', 'utf8')).toBe(errorsText())
})
