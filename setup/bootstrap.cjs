'use strict'
// What `npm run hello`, `npm test` and the other scripts start with, on whatever Node the machine has: brings the packages and, with
// them, a Node that is new enough, then runs the real thing. Plain CommonJS, so that an old Node can read it.
const { spawn, spawnSync } = require('child_process')
const { existsSync, readFileSync } = require('fs')
const path = require('path')

const root = path.dirname(__dirname)
const needed = [22, 22]

const scripts = {
  hello: ['setup/hello.ts'],
  engine: ['setup/engine.ts'],
  test: ['node_modules/vitest/vitest.mjs', 'run'],
  check: ['setup/check.ts'],
  build: ['build/build.ts'],
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

function install() {
  console.error('installing packages (npm ci)')
  // No package of ours needs its install script, and some would compile for minutes where a compiler is present.
  const options = {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  }
  const npm = spawnSync(
    'npm',
    ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--loglevel=error'],
    options,
  )
  if (npm.status === 0) return
  fail(`npm ci failed: ${npm.error ? npm.error.message : npm.stderr.trim()}`)
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
child.on('exit', (code, signal) =>
  process.exit(code === null ? 128 + (require('os').constants.signals[signal] || 0) : code),
)
