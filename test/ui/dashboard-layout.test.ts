import { describe, expect, test } from 'vitest'
import type { LiveRow } from '../../src/actions/dashboard/dashboard.ts'
import type { Project } from '../../src/model/project.ts'
import { treeLines } from '../../src/ui/dashboard/tree.ts'
import { cell, packed, wrap } from '../../src/ui/dashboard/wrap.ts'
import { width } from '../../src/ui/width.ts'
import { liveRow } from '../kit/live-row.ts'

describe('a text in lines of so many cells', () => {
  test('is cut where a line is full, and nothing of it is lost', () => {
    expect(wrap('abcdefgh', 3)).toEqual(['abc', 'def', 'gh'])
    expect(wrap('abcdef', 3)).toEqual(['abc', 'def'])
  })

  test('is one line where it fits, also an empty one', () => {
    expect(wrap('abc', 3)).toEqual(['abc'])
    expect(wrap('', 3)).toEqual([''])
  })

  test('counts a wide character as two cells, and cuts none in half', () => {
    expect(wrap('漢字漢字', 5)).toEqual(['漢字', '漢字'])
    for (const line of wrap('a漢é🐳b漢字', 3)) expect(width(line)).toBeLessThanOrEqual(3)
    expect(wrap('a漢é🐳b漢字', 3).join('')).toBe('a漢é🐳b漢字')
  })
})

test('a cell is as wide as its column, whatever is in it', () => {
  for (const text of ['', 'web', 'a service of a long name', '漢字漢字漢字']) expect(width(cell(text, 7))).toBe(7)
  expect(cell('web', 5)).toBe('web  ')
})

describe('entries side by side', () => {
  test('are put into as few lines as they need, in their order, and none is cut in two', () => {
    expect(packed(['s start', 't stop', 'q leave'], 16)).toEqual(['s start   t stop', 'q leave'])
    expect(packed(['s start', 't stop', 'q leave'], 15)).toEqual(['s start', 't stop', 'q leave'])
  })

  test('that are wider than a line are cut to it', () => {
    expect(packed(['a very long entry'], 6).map(width)).toEqual([6])
    expect(packed([], 6)).toEqual([])
  })
})

describe('the services as a tree', () => {
  const tree = (services: unknown, containers: readonly LiveRow[] = []) =>
    treeLines({ project: { name: 'shop', services } as unknown as Project, containers })
  const on = (...names: readonly string[]) => ({
    depends_on: Object.fromEntries(names.map(name => [name, { condition: 'service_started', required: true }])),
  })

  test('begins with those that nobody needs, and has below each what it needs', () => {
    expect(tree({ db: {}, cache: {}, api: on('db', 'cache'), web: on('api') })).toEqual([
      'web  not created',
      '└─ api  not created  (once it is started)',
      '   ├─ db  not created  (once it is started)',
      '   └─ cache  not created  (once it is started)',
    ])
  })

  test('shows what is needed twice once, and refers to it where it comes again', () => {
    const lines = tree({ db: {}, api: on('db'), a: on('api'), b: on('api') })
    expect(lines.filter(line => line.includes('db'))).toHaveLength(1)
    expect(lines.at(-1)).toBe('└─ api  not created  (once it is started)  (as above)')
  })

  test('says how each is: its health, how many run, or what became of it', () => {
    const containers = [
      liveRow('db', { health: 'healthy' }),
      liveRow('web'),
      liveRow('web', { id: 'web2', label: 'web-2' }),
      liveRow('job', { state: 'exited', exitCode: 1 }),
    ]
    expect(tree({ db: {}, job: {}, web: {} }, containers)).toEqual(['db  healthy', 'job  exited', 'web  2 running'])
  })

  test('is a sentence where there is nothing to draw', () => {
    expect(tree({})).toEqual(['there are no services'])
    expect(treeLines({ project: undefined, containers: [] })).toEqual([
      'there is no compose file, and containers do not say what needs what',
    ])
  })
})
