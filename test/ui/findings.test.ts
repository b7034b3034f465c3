import { expect, test } from 'vitest'
import type { Finding } from '../../src/diagnose/finding.ts'
import { findingsText } from '../../src/ui/findings.ts'
import { paint } from '../../src/ui/paint.ts'

const crashed = (container: string, code = 9): Finding => ({
  code: 'exit-app-error',
  severity: 'error',
  message: `"web" ended by itself with code ${code}`,
  hint: 'its last lines say why',
  service: 'web',
  container,
  evidence: [{ field: 'State.ExitCode', value: String(code) }],
  certainty: 'certain',
})

test('replicas that fail alike are told once, with how many and which they are', () => {
  const text = findingsText([crashed('shop-web-1'), crashed('shop-web-2'), crashed('shop-web-3', 1)], paint(false))
  expect(text).toBe(
    [
      '✘ "web" ended by itself with code 9',
      '  containers: 2: shop-web-1, shop-web-2',
      '  State.ExitCode: 9',
      '  fix: its last lines say why (certain, exit-app-error)',
      '',
      '✘ "web" ended by itself with code 1',
      '  State.ExitCode: 1',
      '  fix: its last lines say why (certain, exit-app-error)',
      '',
    ].join('\n'),
  )
})
