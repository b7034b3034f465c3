import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Plugin } from 'esbuild'
import { shipped } from '../src/actions/init/shipped.ts'

const root = resolve(import.meta.dirname, '..')

/** What is changed in files of ours and of packages on their way into the shipped command. */
export const changes = (): readonly Plugin[] => [withoutNodesCache, withoutArchives, withTemplates, ...layoutAtOnce]

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
