import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { build, transform } from 'esbuild'

/**
 * Makes `dist/`, or the folder named: the command as CommonJS, since `node:http` as an ES module costs 25 ms at start, in chunks that are read when they
 * are needed; and the library as ES modules with their types.
 */
const root = resolve(import.meta.dirname, '..')
const dist = resolve(root, process.argv[2] ?? 'dist')
const target = 'node22'

await rm(dist, { recursive: true, force: true })
await mkdir(join(dist, 'cli'), { recursive: true })
await bundle()
library()

/** esbuild splits ES modules only, so that is what it makes; then each chunk becomes CommonJS by itself. */
async function bundle(): Promise<void> {
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
    outExtension: { '.js': '.cjs' },
    chunkNames: '[name]-[hash]',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  })
  const id = createHash('sha256')
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
    await writeFile(join(dist, 'cli', basename(file.path)), code)
    id.update(code)
  }
  await build({
    entryPoints: [join(root, 'build/launcher.cjs')],
    outfile: join(dist, 'gantry.cjs'),
    target: 'node6', // it must be read by any Node, to say that a newer one is needed
    minifyWhitespace: true,
    define: { BUILD: JSON.stringify(id.digest('hex').slice(0, 16)) },
    logLevel: 'warning',
  })
}

function library(): void {
  const tsc = join(root, 'node_modules/.bin/tsc')
  const { status } = spawnSync(tsc, ['--project', 'build/tsconfig.json', '--outDir', join(dist, 'lib')], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('tsc failed')
}
