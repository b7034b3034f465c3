import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { build, type Metafile, type Plugin, transform } from 'esbuild'

/**
 * Makes `dist/`, or the folder named: the command as CommonJS, since `node:http` as an ES module costs 25 ms at start, in chunks that
 * are read when they are needed; and the library as ES modules with their types.
 */
const root = resolve(import.meta.dirname, '..')
const dist = resolve(root, process.argv[2] ?? 'dist')
const target = 'node22'

async function bundle(): Promise<void> {
  const chunks = await commonJs()
  const { start, later } = chunks
  // One file to read and to cache for what every run needs.
  const packed = [...start].map(([name, code]) => `${JSON.stringify(name)}:function(exports,require,module){${code}\n}`)
  const files = new Map([['start.cjs', `({${packed.join(',\n')}})`]])
  for (const [name, code] of later) files.set(name, `(function(exports,require,module){${code}\n})`)
  const id = createHash('sha256')
  for (const [name, text] of files) {
    await writeFile(join(dist, 'cli', name), text)
    id.update(text)
  }
  await build({
    entryPoints: [join(root, 'build/launcher.cjs')],
    outfile: join(dist, 'gantry.cjs'),
    // For the shell; to JavaScript a text and a comment. Behind the dashes Node (up to 24) does not look for the file of our
    // --env-file itself, to end with 9 where it is missing. `#!/usr/bin/env -S node --` would do, but busybox has no -S.
    banner: { js: `':' //; exec node -- "$0" "$@"` },
    target: 'node6', // it must be read by any Node, to say that a newer one is needed
    minifyWhitespace: true,
    define: { BUILD: JSON.stringify(id.digest('hex').slice(0, 16)) },
    logLevel: 'warning',
  })
}

/** esbuild splits ES modules only, so that is what it makes; then each chunk becomes CommonJS by itself. */
async function commonJs(): Promise<{ readonly start: Map<string, string>; readonly later: Map<string, string> }> {
  const made = await build({
    absWorkingDir: root,
    entryPoints: { main: 'src/cli/main.ts' },
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
    plugins: [withoutNodesCache],
    logLevel: 'warning',
  })
  const eager = eagerChunks(made.metafile)
  const start = new Map<string, string>()
  const later = new Map<string, string>()
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
    const name = basename(file.path)
    ;(eager.has(name) ? start : later).set(name, code)
  }
  return { start, later }
}

/** The chunks that `version` and `help` load: those of the main file and of these doors, with all that they import at once. */
function eagerChunks({ outputs }: Metafile): Set<string> {
  const doors = ['main', 'open', 'help', 'commands/version'].map(name => `src/cli/${name}.ts`)
  const eager = new Set<string>()
  const take = (path: string): void => {
    if (eager.has(basename(path))) return
    eager.add(basename(path))
    for (const { path: next, kind } of outputs[path]!.imports)
      if (kind === 'import-statement' && outputs[next]) take(next)
  }
  for (const door of doors) {
    const found = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === door)
    if (!found) throw new Error(`${door} is not a chunk of its own`)
    take(found[0])
  }
  return eager
}

/** The launcher keeps compiled code itself; Node's own cache, which helps while developing, would only cost time. */
const withoutNodesCache: Plugin = {
  name: 'without-nodes-cache',
  setup({ onLoad }) {
    onLoad({ filter: /src\/cli\/main\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const call = /^enableCompileCache\(\)$/m
      if (!call.test(text)) throw new Error(`${path} no longer calls enableCompileCache`)
      return { contents: text.replace(call, ''), loader: 'ts' }
    })
  },
}

function library(): void {
  const tsc = join(root, 'node_modules/.bin/tsc')
  const args = ['--project', 'build/tsconfig.json', '--outDir', join(dist, 'lib')]
  const { status } = spawnSync(tsc, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Error('tsc failed')
}

await rm(dist, { recursive: true, force: true })
await mkdir(join(dist, 'cli'), { recursive: true })
await bundle()
library()
