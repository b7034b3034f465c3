import { expect, test } from 'vitest'
import { footer } from '../../src/ui/footer.ts'
import { writer } from '../../src/ui/writer.ts'
import { shown, stream } from './terminal.ts'

/** What a terminal shows in the end; `act` prints lines through the writer. */
function printed(act: (on: { foot: ReturnType<typeof footer>; print: (text: string) => void }) => void): string[] {
  const out = stream({ columns: 40, rows: 10 })
  const foot = footer(out)
  const lines = writer(out, bytes => foot.framed(bytes))
  act({
    foot,
    print(text) {
      lines.write(text)
      lines.flush()
    },
  })
  return shown(out.text(), 40).lines
}

test('the line stays below all that is printed', () => {
  const seen = printed(({ foot, print }) => {
    foot.set('s stop')
    print('one\n')
    print('two\nthree\n')
  })
  expect(seen).toEqual(['one', 'two', 'three', 's stop'])
})

test('half a line is not broken by it', () => {
  const seen = printed(({ foot, print }) => {
    foot.set('s stop')
    print('one, and ')
    print('the rest of it\n')
  })
  expect(seen).toEqual(['one, and the rest of it', 's stop'])
})

test('another line takes its place, and none takes it away', () => {
  const change = (...texts: string[]) =>
    printed(({ foot, print }) => {
      print('one\n')
      for (const text of texts) foot.set(text)
    })
  expect(change('a longer line', 'short')).toEqual(['one', 'short'])
  expect(change('a line', '')).toEqual(['one', ''])
})

test('what else draws at the bottom has it for itself for a while', () => {
  const seen = printed(({ foot, print }) => {
    foot.set('s stop')
    const back = foot.aside()
    print('a warning\n')
    back()
    back()
  })
  expect(seen).toEqual(['a warning', 's stop'])
})

test('a line that is too long is cut, not wrapped', () => {
  const seen = printed(({ foot, print }) => {
    foot.set('x'.repeat(100))
    print('one\n')
  })
  expect(seen).toHaveLength(2)
  expect(seen[1]!.length).toBeLessThan(40)
})

test('without a line every byte passes as it is', () => {
  const out = stream({ columns: 40 })
  const foot = footer(out)
  const bytes = Buffer.from('one\ntwo')
  expect(foot.framed(bytes)).toBe(bytes)
})

test('twenty thousand lines cost little more than themselves', () => {
  const out = stream({ columns: 80, rows: 24 })
  const foot = footer(out)
  const lines = writer(out, bytes => foot.framed(bytes))
  foot.set('s stop')
  const text = `${'x'.repeat(30)}\n`
  for (let i = 0; i < 20_000; i++) lines.write(text)
  lines.flush()
  expect(out.text().length).toBeLessThan(20_000 * text.length * 1.01)
})
