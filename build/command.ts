import { createHash } from 'node:crypto'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { build, type Metafile, transform } from 'esbuild'
import { commands } from '../src/cli/commands.ts'
import { changes } from './changes.ts'
import { nodeFlags } from './node-flags.ts'

const root = resolve(import.meta.dirname, '..')
const target = 'node22'

/**
 * Makes the command in a folder, as CommonJS, since `node:http` as an ES module costs 25 ms at start, in chunks that are read when they
 * are needed: `gantry.cjs`, what a standalone executable starts with, and `cli/` with the chunks.
 */
export async function makeCommand(dist: string): Promise<void> {
  await mkdir(join(dist, 'cli'), { recursive: true })
  const { chunks, packs, later } = await commonJs(dist)
  const files = new Map<string, string>()
  const packed: Record<string, string> = {}
  for (const [pack, names] of packs) {
    const inside = names.map(name => `${JSON.stringify(name)}:function(exports,require,module){${chunks.get(name)}\n}`)
    files.set(pack, `({${inside.join(',\n')}})`)
    for (const name of names) packed[name] = pack
  }
  for (const [name, code] of chunks) if (!packed[name]) files.set(name, `(function(exports,require,module){${code}\n})`)
  const id = createHash('sha256')
  for (const [name, text] of files) {
    await writeFile(join(dist, 'cli', name), text)
    id.update(text)
  }
  const define = {
    BUILD: JSON.stringify(id.digest('hex').slice(0, 16)),
    FLAGS: JSON.stringify(nodeFlags.join(' ')),
    PACKED: JSON.stringify(packed),
    COMMANDS: JSON.stringify(Object.keys(commands)),
    LATER: JSON.stringify(later),
  }
  const beginnings = {
    // They must be read by any Node, to say that a newer one is needed.
    'gantry.cjs': { from: 'launcher.cjs', target: 'node6' },
    'first-line.cjs': { from: 'first-line.cjs', target: 'node6' },
    'standalone.cjs': { from: 'standalone.cjs', target },
  }
  for (const [name, { from, ...options }] of Object.entries(beginnings))
    await build({
      entryPoints: [join(root, 'build', from)],
      outfile: join(dist, name),
      bundle: true,
      platform: 'node',
      minifyWhitespace: true,
      define,
      logLevel: 'warning',
      ...options,
    })
  await chmod(join(dist, 'gantry.cjs'), 0o755)
}

/** esbuild splits ES modules only, so that is what it makes; then each chunk becomes CommonJS by itself. */
async function commonJs(dist: string): Promise<{
  readonly chunks: ReadonlyMap<string, string>
  readonly packs: ReadonlyMap<string, readonly string[]>
  readonly later: readonly string[]
}> {
  const made = await build({
    absWorkingDir: root,
    entryPoints: {
      main: 'src/cli/main.ts',
      ...Object.fromEntries(whenUsed.map(name => [basename(name), `src/${name}.ts`])),
    },
    outdir: join(dist, 'cli'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target,
    charset: 'ascii', // one byte a character, which V8 reads fastest
    write: false,
    metafile: true,
    outExtension: { '.js': '.cjs' },
    chunkNames: '[name]-[hash]',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [...changes()],
    logLevel: 'warning',
  })
  const chunks = new Map<string, string>()
  for (const file of made.outputFiles) {
    const { code } = await transform(file.text, {
      format: 'cjs',
      platform: 'node',
      target,
      charset: 'ascii',
      // Names stay, so that the stack of a bug can be read.
      minifyWhitespace: true,
      minifySyntax: true,
      supported: { 'dynamic-import': false },
      logLevel: 'warning',
    })
    chunks.set(basename(file.path), code)
  }
  for (const name of whenUsed) chunks.delete(`${basename(name)}.cjs`)
  const later = laterOf(made.metafile)
  return { chunks, packs: packsOf(made.metafile, later), later }
}

/**
 * Chunks that are read and kept as one file, since a file costs more than what is in it: by these doors, with all that they import at
 * once and no door above has. `version` and `help` load the first one, whatever reads a project and asks an engine the second.
 */
const doors: Readonly<Record<string, readonly string[]>> = {
  'start.cjs': ['cli/main', 'cli/open', 'cli/help', 'cli/commands/version'],
  'project.cjs': ['load/load', 'load/variables/environment', 'engine/connect', 'engine/docker/open'],
  'up.cjs': ['cli/commands/up', 'actions/observe-project', 'actions/before-up', 'actions/up'],
}

/**
 * Loaded when something of them is first used, though they are imported at once, since what imports them cannot wait: the parser that
 * knows what is wrong, and the package behind it, are for files in which something is.
 */
const whenUsed = ['text/thorough'] as const

/** The chunks that such a file is in, with what nothing else imports: that it is made an entry keeps it apart. */
function laterOf({ outputs }: Metafile): readonly string[] {
  return Object.entries(outputs).flatMap(([path, { inputs }]) =>
    whenUsed.some(name => `src/${name}.ts` in inputs) ? [basename(path)] : [],
  )
}

function packsOf({ outputs }: Metafile, later: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const taken = new Set<string>()
  const withImports = (path: string): readonly string[] => {
    if (taken.has(path)) return []
    taken.add(path)
    const imports = outputs[path]!.imports.filter(
      ({ path, kind }) => kind === 'import-statement' && outputs[path] && !later.includes(basename(path)),
    )
    return [basename(path), ...imports.flatMap(({ path }) => withImports(path))]
  }
  const chunkOf = (door: string): string => {
    const found = Object.keys(outputs).find(path => outputs[path]!.entryPoint === `src/${door}.ts`)
    if (found === undefined) throw new Error(`${door} is not a chunk of its own`)
    return found
  }
  return new Map(
    Object.entries(doors).map(([pack, names]) => [pack, names.flatMap(name => withImports(chunkOf(name)))]),
  )
}
