import { expect, test } from 'vitest'
import type { Problem } from '../../src/text/problem.ts'
import { paint } from '../../src/ui/paint.ts'
import { errorJson, problemsText, problemText } from '../../src/ui/problems.ts'

const source = { name: 'compose.yaml', text: 'services:\n  web:\n    enviroment: { A: 1 }\n    image: nginx\n' }
const start = source.text.indexOf('enviroment')
const unknown: Problem = {
  code: 'unknown-key',
  severity: 'error',
  message: 'unknown key "enviroment"',
  hint: 'did you mean "environment"?',
  at: { source, start, end: start + 10 },
}
const noService: Problem = { code: 'no-such-service', severity: 'error', message: 'no such service: nosuch' }
const warning: Problem = { code: 'unset', severity: 'warning', message: 'the variable "A" is not set' }

test('a problem in a file begins with its place, shows the lines around it, and says what to do', () => {
  expect(problemText(unknown, paint(false))).toBe(
    [
      'compose.yaml:3:5: unknown key "enviroment"',
      '2 |   web:',
      '3 |     enviroment: { A: 1 }',
      '  |     ^^^^^^^^^^',
      '4 |     image: nginx',
      '  hint: did you mean "environment"?',
      '',
    ].join('\n'),
  )
})

test('a problem without a place is its sentence', () => {
  expect(problemText(noService, paint(false))).toBe('no such service: nosuch\n')
})

test('all problems are told, errors last and counted', () => {
  expect(problemsText([noService, warning, noService], paint(false))).toBe(
    [
      'warning: the variable "A" is not set',
      'no such service: nosuch',
      'no such service: nosuch',
      '2 errors; nothing was touched',
      '',
    ].join('\n'),
  )
})

test('a second place is shown with its own lines', () => {
  const at = { source, start: source.text.indexOf('image'), end: source.text.indexOf(': nginx') }
  expect(problemText({ ...unknown, notes: [{ message: 'the first is here', at }] }, paint(false))).toContain(
    'compose.yaml:4:5: the first is here\n3 |     enviroment: { A: 1 }\n4 |     image: nginx\n',
  )
})

test('for programs an error is one object with code, place and hint', () => {
  expect(JSON.parse(errorJson(unknown))).toEqual({
    error: true,
    severity: 'error',
    message: 'unknown key "enviroment"',
    code: 'unknown-key',
    at: { file: 'compose.yaml', line: 3, column: 5 },
    hint: 'did you mean "environment"?',
  })
})
