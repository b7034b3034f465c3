import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { describe, expect, test } from 'vitest'

/** Each room, the rooms it stands on besides `base`, and the packages it may name. A room stands only on rooms listed before it. */
const rooms: Record<string, { on: string[]; packages?: string[] }> = {
  base: { on: [] },
  text: { on: [], packages: ['js-yaml', 'yaml'] },
  model: { on: ['text'] },
  spec: { on: ['text', 'model'] },
  registry: { on: ['text'] },
  load: { on: ['text', 'model', 'spec', 'registry'], packages: ['dotenv'] },
  lint: { on: ['text', 'model', 'spec', 'load'] },
  plugin: { on: ['text'] },
  plan: { on: ['text'] },
  engine: { on: ['text', 'registry'], packages: ['dockerode', '@docker/node-sdk'] },
  diagnose: { on: ['text', 'model', 'engine'] },
  local: { on: ['text', 'model', 'spec', 'plan', 'engine'] },
  actions: {
    on: ['text', 'model', 'spec', 'registry', 'load', 'lint', 'plugin', 'plan', 'engine', 'diagnose', 'local'],
    packages: ['tar-stream'],
  },
  ui: { on: ['text', 'model', 'lint', 'plan', 'diagnose', 'actions'], packages: ['listr2', 'ink', 'react'] },
  cli: { on: ['text', 'model', 'load', 'lint', 'plan', 'engine', 'diagnose', 'actions', 'ui'] },
}

const files = globSync('src/*/**/*.{ts,tsx}').map(file => file.split(sep).join('/'))

test('the rooms are those of the architecture page', () => {
  const page = readFileSync('ARCHITECTURE.md', 'utf8')
  const written = [...page.matchAll(/^\| `(\w+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|$/gm)]
  const names = (text: string) => text.replaceAll(/`|\([^)]*\)/g, '').match(/[@\w][\w@/-]*/g) ?? []
  const told = written.map(([, room, on, packages], i) => [
    room,
    on === 'all above' ? written.slice(1, i).map(row => row[1]) : names(on!),
    names(packages!),
  ])
  expect(told).toEqual(Object.entries(rooms).map(([room, { on, packages = [] }]) => [room, on, packages]))
})

test('rooms stand on each other without a cycle', () => {
  const order = Object.keys(rooms)
  for (const [room, { on }] of Object.entries(rooms))
    for (const below of on) expect(order.indexOf(below), `${room} stands on ${below}`).toBeLessThan(order.indexOf(room))
})

describe('a file imports from its own room and the rooms that its room stands on', () => {
  test.each(files)('%s', file => {
    const room = roomOf(file)
    expect(Object.keys(rooms), `${room} is a room`).toContain(room)
    const { on, packages = [] } = rooms[room]!
    for (const specifier of imports(file)) {
      if (specifier.startsWith('.')) {
        const target = relative('.', join(dirname(file), specifier))
          .split(sep)
          .join('/')
        expect(existsSync(target), `${specifier} exists`).toBe(true)
        expect([room, 'base', ...on], specifier).toContain(roomOf(target))
      } else if (!specifier.startsWith('node:')) expect(packages, specifier).toContain(packageOf(specifier))
    }
  })
})

test('only connect.ts opens the door to an engine, and lazily', () => {
  for (const file of files) {
    if (file.startsWith('src/engine/docker/')) continue
    for (const [statement, specifier] of importStatements(file)) {
      if (!specifier.includes('/docker/') && !specifier.startsWith('./docker/')) continue
      expect(file, specifier).toBe('src/engine/connect.ts')
      expect(statement, specifier).toMatch(/^import\(/)
    }
  }
})

test('only remote/parts.ts opens the door to git and registries for a project, and lazily', () => {
  const behind = ['fetch.ts', 'git.ts', 'kept.ts'].map(name => `src/load/remote/${name}`)
  for (const file of files.filter(name => roomOf(name) === 'load' && !behind.includes(name)))
    for (const [statement, specifier] of importStatements(file)) {
      const target = join(dirname(file), specifier).split(sep).join('/')
      if (!behind.includes(target) && roomOf(target) !== 'registry') continue
      expect(file, specifier).toBe('src/load/remote/parts.ts')
      expect(statement, specifier).toMatch(/^import\(/)
    }
})

test('the library’s front door opens on actions and below, never on ui or cli', () => {
  for (const specifier of imports('src/index.ts')) expect(['ui', 'cli']).not.toContain(specifier.split('/')[1])
})

function importStatements(file: string): [string, string][] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)'([^']+)'/g)].map(m => [m[0], m[1]!])
}

function imports(file: string): string[] {
  return importStatements(file).map(([, specifier]) => specifier)
}

function roomOf(file: string): string {
  return file.split('/')[1]!
}

function packageOf(specifier: string): string {
  return specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0]!
}
