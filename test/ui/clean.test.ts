import { expect, test } from 'vitest'
import { clean, cleanLog, cleanText } from '../../src/ui/clean.ts'

test('what a terminal would obey is taken out of other people’s text', () => {
  expect(clean('a\u001b[2Jb\u001b]0;title\u0007c\u001b]8;;http://x\u001b\\d\u009b31me\u0000')).toBe('abcd31me')
})

test('text that turns the direction of writing is taken out, so that nothing reads otherwise than it is', () => {
  expect(clean('abc\u202etxt.exe')).toBe('abctxt.exe')
})

test('line ends and tabs become blanks', () => {
  expect(clean('a\r\nb\tc')).toBe('a b c')
})

test('a line of a container keeps colours and tabs on a terminal, and nothing else that is not text', () => {
  const line = Buffer.from('\u001b[32mok\u001b[0m\tdone\u001b[1A\u001b[2K\u001b]0;x\u0007\b\r')
  expect(String(cleanLog(line))).toBe('\u001b[32mok\u001b[0m\tdone')
})

test('letters beyond ASCII pass', () => {
  expect(String(cleanLog(Buffer.from('Grüße, 世界 ✓')))).toBe('Grüße, 世界 ✓')
})

test('a result on a terminal keeps its lines, columns and colours', () => {
  expect(cleanText('a\t\u001b[1mb\u001b[0m\n\u001b]0;x\u0007c\r\n')).toBe('a\t\u001b[1mb\u001b[0m\nc\n')
})
