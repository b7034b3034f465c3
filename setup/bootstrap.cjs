'use strict'
// What `npm run hello`, `npm test` and the other scripts start with, on whatever Node the machine has: brings the packages and, with
// them, a Node that is new enough, then runs the real thing. Plain CommonJS, so that an old Node can read it.
const { spawn, spawnSync } = require('child_process')
const { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('fs')
const { constants, tmpdir } = require('os')
const path = require('path')

const root = path.dirname(__dirname)
const needed = [22, 22]

const scripts = {
  hello: ['setup/hello.ts'],
  engine: ['setup/engine.ts'],
  test: ['node_modules/vitest/vitest.mjs', 'run'],
  check: ['setup/check.ts'],
  build: ['build/build.ts'],
  executable: ['build/executable.ts'],
  tally: ['setup/tally.ts'],
}

/** Every package of the lock file is there in the version it names; optional ones are for some platforms only. */
function installed() {
  const marker = path.join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(marker)) return false
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages
  const present = JSON.parse(readFileSync(marker, 'utf8')).packages
  return Object.keys(wanted).every(name => {
    if (name === '' || wanted[name].optional || wanted[name].devOptional) return true
    return present[name] !== undefined && present[name].version === wanted[name].version
  })
}

/** npm leaves out what does not fit the Node that runs it, native parts of our tools among it: so on an old Node, a new one runs npm. */
function install() {
  console.error('installing packages (npm ci)')
  const place = mkdtempSync(path.join(tmpdir(), 'gantry-node-'))
  try {
    const node = newEnough(process.version) ? process.execPath : borrow(place)
    // No package of ours needs its install script, and some would compile for minutes where a compiler is present.
    const options = ['--include=dev', '--include=optional', '--ignore-scripts']
    npm(node, root, ['ci'].concat(options))
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

/** The Node that the lock file names, by itself in a folder; the present one where there is none for this platform. */
function borrow(place) {
  const name = `node-${process.platform}-${process.arch}`
  const locked = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages[`node_modules/${name}`]
  if (locked === undefined) return process.execPath
  writeFileSync(path.join(place, 'package.json'), '{}')
  npm(process.execPath, place, ['install', '--no-save', '--ignore-scripts', `${name}@${locked.version}`])
  return path.join(place, 'node_modules', name, 'bin', 'node')
}

function npm(node, cwd, args) {
  const options = { cwd, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' }
  const quiet = args.concat('--loglevel=error', '--no-audit', '--no-fund')
  const cli = process.env.npm_execpath
  const { status, stderr, error } =
    cli && path.basename(cli) === 'npm-cli.js'
      ? spawnSync(node, [cli].concat(quiet), options)
      : spawnSync('npm', quiet, Object.assign({ shell: process.platform === 'win32' }, options))
  if (status !== 0) fail(`npm ${args[0]} failed: ${error ? error.message : stderr.trim()}`)
}

function newEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number)
  return major > needed[0] || (major === needed[0] && minor >= needed[1])
}

/** The machine's Node where it will do, else the one that npm brought. */
function findNode() {
  if (newEnough(process.version)) return process.execPath
  const brought = path.join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (existsSync(brought) && spawnSync(brought, ['--version']).status === 0) return brought
  return fail(
    `Node ${needed.join('.')} or newer is needed, this is ${process.version}: install it from https://nodejs.org`,
  )
}

function fail(message) {
  console.error(message)
  process.exit(1)
}

const [name, ...rest] = process.argv.slice(2)
if (!(name in scripts)) fail(`usage: node setup/bootstrap.cjs ${Object.keys(scripts).join('|')}`)
if (!installed()) install()
const node = findNode()
const env = Object.assign({}, process.env, { PATH: path.dirname(node) + path.delimiter + process.env.PATH })
const child = spawn(node, scripts[name].concat(rest), { cwd: root, stdio: 'inherit', env })
// Ctrl-C reaches the whole group; what the child makes of it is what counts.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => signal !== 'SIGINT' && child.kill(signal))
child.on('error', error => fail(error.message))
child.on('exit', (code, signal) => process.exit(code === null ? 128 + (constants.signals[signal] || 0) : code))
