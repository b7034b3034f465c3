import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { build, type Metafile, type Plugin, transform } from 'esbuild'
import { shipped } from '../src/actions/init/shipped.ts'
import { commands } from '../src/cli/commands.ts'
import { nodeFlags } from './node-flags.ts'

const root = resolve(import.meta.dirname, '..')
const target = 'node22'

/**
 * Makes the command in a folder, as CommonJS, since `node:http` as an ES module costs 25 ms at start, in chunks that are read when they
 * are needed: `gantry.cjs`, what a standalone executable starts with, and `cli/` with the chunks.
 */
export async function makeCommand(dist: string): Promise<void> {
  await mkdir(join(dist, 'cli'), { recursive: true })
  const { chunks, packs } = await commonJs(dist)
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
async function commonJs(
  dist: string,
): Promise<{ readonly chunks: ReadonlyMap<string, string>; readonly packs: ReadonlyMap<string, readonly string[]> }> {
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
    plugins: [withoutNodesCache, withoutArchives, withTemplates, ...layoutAtOnce],
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
  return { chunks, packs: packsOf(made.metafile) }
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

function packsOf({ outputs }: Metafile): ReadonlyMap<string, readonly string[]> {
  const taken = new Set<string>()
  const withImports = (path: string): readonly string[] => {
    if (taken.has(path)) return []
    taken.add(path)
    const imports = outputs[path]!.imports.filter(({ path, kind }) => kind === 'import-statement' && outputs[path])
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

/** What dockerode's classes would make a build context with, which is ours to make: 5 ms at start. */
const withoutArchives: Plugin = {
  name: 'without-archives',
  setup({ onLoad }) {
    onLoad({ filter: /dockerode\/lib\/util\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const packages = /require\('(?:@balena\/dockerignore|tar-fs|zlib)'\)/g
      if (text.match(packages)?.length !== 3) throw new Error(`${path} requires other packages than it did`)
      return { contents: text.replace(packages, 'undefined'), loader: 'js' }
    })
  },
}

/** The texts that `init` and `add` write are put into the command, so that no folder has to be found where it is installed. */
const withTemplates: Plugin = {
  name: 'with-templates',
  setup({ onLoad }) {
    onLoad({ filter: /src\/actions\/init\/shipped\.ts$/ }, async () => {
      const kinds = await Promise.all(
        (await readdir(join(root, 'templates'))).map(
          async kind => [kind, Object.fromEntries(await shipped(kind as Parameters<typeof shipped>[0]))] as const,
        ),
      )
      const texts = JSON.stringify(Object.fromEntries(kinds))
      return {
        contents: `const texts = ${texts}\nexport const shipped = async kind => new Map(Object.entries(texts[kind]))`,
        loader: 'js',
      }
    })
  },
}

/**
 * A chunk in CommonJS cannot wait while it is loaded, and ink's two packages do: for React's developer tools, which are left out, and for
 * the layout engine's WebAssembly, which is compiled at once instead. That takes 3 ms, when the dashboard is opened.
 */
const layoutAtOnce: readonly Plugin[] = [
  replacing(/ink\/build\/reconciler\.js$/, [
    ["await import('./devtools.js');", ''],
    ['await loadPackageJson()', 'packageInfo'],
  ]),
  replacing(/yoga-layout\/dist\/binaries\/yoga-wasm-base64-esm\.js$/, [
    ['import.meta.url', "''"],
    [/data:application\/octet-stream;base64,([\w+/=]+)/, 'data:,'],
    [/$/, text => `\nexport const wasm = '${/base64,([\w+/=]+)/.exec(text)![1]}';\n`],
  ]),
  replacing(/yoga-layout\/dist\/src\/index\.js$/, [
    [
      "import loadYoga from '../binaries/yoga-wasm-base64-esm.js';",
      "import loadYoga, { wasm } from '../binaries/yoga-wasm-base64-esm.js';",
    ],
    [
      'await loadYoga()',
      `(() => {
        const loaded = {
          instantiateWasm(imports, done) {
            const instance = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(wasm, 'base64')), imports);
            done(instance);
            return instance.exports;
          },
        };
        void loadYoga(loaded);
        return loaded;
      })()`,
    ],
  ]),
]

/** Changes a file of a package, and fails where that is no longer what it was. */
function replacing(
  filter: RegExp,
  changes: readonly (readonly [from: string | RegExp, to: string | ((text: string) => string)])[],
): Plugin {
  return {
    name: `replacing ${filter.source}`,
    setup({ onLoad }) {
      onLoad({ filter }, async ({ path }) => {
        const text = await readFile(path, 'utf8')
        let contents = text
        for (const [from, to] of changes) {
          const changed = contents.replace(from, () => (typeof to === 'string' ? to : to(text)))
          if (changed === contents) throw new Error(`${path} no longer holds ${String(from)}`)
          contents = changed
        }
        return { contents, loader: 'js' }
      })
    },
  }
}
