'use strict'
// What `npm run hello`, `npm test` and the other scripts start with, on whatever Node the machine has: brings a newer Node where that is
// too old, and the packages, then runs the real thing. Plain CommonJS, so that an old Node can read it.
const { spawn, spawnSync } = require('child_process')
const { existsSync, readFileSync } = require('fs')
const { constants } = require('os')
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
function install(node) {
  console.error('installing packages (npm ci)')
  // No package of ours needs its install script, and some would compile for minutes where a compiler is present.
  npm(node, root, ['ci', '--include=dev', '--include=optional', '--ignore-scripts'])
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

/** The machine's Node where it will do, else the one that setup/node locks: not a package of ours, since who installs Gantry has a Node. */
function findNode() {
  if (newEnough(process.version)) return process.execPath
  const place = path.join(root, 'setup', 'node')
  const name = `node-${process.platform}-${process.arch}`
  const locked = JSON.parse(readFileSync(path.join(place, 'package-lock.json'), 'utf8')).packages[
    `node_modules/${name}`
  ]
  if (locked === undefined)
    return fail(
      `Node ${needed.join('.')} or newer is needed, this is ${process.version}: install it from https://nodejs.org`,
    )
  const brought = path.join(place, 'node_modules', name)
  const version = () => JSON.parse(readFileSync(path.join(brought, 'package.json'), 'utf8')).version
  if (!existsSync(brought) || version() !== locked.version) {
    console.error(`bringing Node ${locked.version}, since this is ${process.version}`)
    npm(process.execPath, place, ['ci', '--include=optional', '--ignore-scripts'])
  }
  const node = path.join(brought, 'bin', 'node')
  if (spawnSync(node, ['--version']).status === 0) return node
  return fail(`${node} does not run here: install Node ${needed.join('.')} or newer from https://nodejs.org`)
}

function fail(message) {
  console.error(message)
  process.exit(1)
}

const [name, ...rest] = process.argv.slice(2)
if (!(name in scripts)) fail(`usage: node setup/bootstrap.cjs ${Object.keys(scripts).join('|')}`)
const node = findNode()
if (!installed()) install(node)
const env = Object.assign({}, process.env, { PATH: path.dirname(node) + path.delimiter + process.env.PATH })
const child = spawn(node, scripts[name].concat(rest), { cwd: root, stdio: 'inherit', env })
// Ctrl-C reaches the whole group; what the child makes of it is what counts.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => signal !== 'SIGINT' && child.kill(signal))
child.on('error', error => fail(error.message))
child.on('exit', (code, signal) => process.exit(code === null ? 128 + (constants.signals[signal] || 0) : code))
