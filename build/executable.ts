import { spawnSync } from 'node:child_process'
import { chmod, copyFile, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { makeCommand } from './command.ts'
import { nodeFlags } from './node-flags.ts'

/**
 * Makes `dist/gantry-PLATFORM-ARCH`, or the file named: a Node with the command in it (nodejs.org/api/single-executable-applications).
 * The Node is the one that runs this; to make one for another platform, run it there.
 */
const root = resolve(import.meta.dirname, '..')
const suffix = process.platform === 'win32' ? '.exe' : ''
const target = resolve(root, process.argv[2] ?? `dist/gantry-${process.platform}-${process.arch}${suffix}`)

/** Node looks for this text in itself to see whether something was put in. */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

function run(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] }).status === 0
}

const place = await mkdtemp(join(tmpdir(), 'gantry-executable-'))
try {
  await makeCommand(place)
  const cli = join(place, 'cli')
  const chunks = await readdir(cli)
  const config = {
    main: join(place, 'standalone.cjs'),
    output: join(place, 'blob'),
    disableExperimentalSEAWarning: true,
    execArgv: nodeFlags,
    execArgvExtension: 'none', // NODE_OPTIONS are for programs of the user's own
    assets: Object.fromEntries(chunks.map(name => [name, join(cli, name)])),
  }
  await writeFile(join(place, 'config.json'), JSON.stringify(config))
  if (!run(process.execPath, '--experimental-sea-config', join(place, 'config.json')))
    throw new Error(`Node ${process.version} does not make executables`)

  await copyFile(process.execPath, target)
  await chmod(target, 0o755)
  // Names for debuggers are a seventh of it. Before the command is put in: afterwards `strip` would take that for a mistake.
  if (process.platform === 'linux') run('strip', target)
  // On a Mac a signature holds for what was signed.
  if (process.platform === 'darwin') run('codesign', '--remove-signature', target)
  const postject = join(root, 'node_modules/postject/dist/cli.js')
  const segment = process.platform === 'darwin' ? ['--macho-segment-name', 'NODE_SEA'] : []
  if (
    !run(process.execPath, postject, target, 'NODE_SEA_BLOB', join(place, 'blob'), '--sentinel-fuse', fuse, ...segment)
  )
    throw new Error(`nothing can be put into ${process.execPath}`)
  if (process.platform === 'darwin') run('codesign', '--sign', '-', target)
  const { status, stdout } = spawnSync(target, ['version', '--short'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${target} does not run`)
  console.log(`${target}: gantry ${stdout.trim()}, ${Math.round((await stat(target)).size / 1e6)} MB`)
} finally {
  await rm(place, { recursive: true, force: true })
}
