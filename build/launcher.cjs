#!/bin/sh
'use strict'
// The build writes the shell's line below the first. Starts the command: on an old Node by one that npm brought along, and from V8's code cache, which saves compiling. Any Node reads this.
var path = require('path')
var fs = require('fs')

var version = process.versions.node.split('.').map(Number)
if (version[0] > 22 || (version[0] === 22 && version[1] >= 22)) start()
else startByNewer()

function startByNewer() {
  var newer
  try {
    newer = path.join(
      path.dirname(require.resolve('node-' + process.platform + '-' + process.arch + '/package.json')),
      'bin',
      'node',
    )
  } catch (_) {
    console.error(
      'gantry needs Node 22.22 or newer, this is ' + process.version + ': install it from https://nodejs.org',
    )
    process.exit(1)
  }
  // Behind the dashes, as above.
  var words = ['--', __filename].concat(process.argv.slice(2))
  var child = require('child_process').spawn(newer, words, { stdio: 'inherit' })
  // The terminal sends Ctrl-C to both; what the command makes of it is what counts.
  process.on('SIGINT', function () {})
  process.on('SIGTERM', function () {
    child.kill('SIGTERM')
  })
  child.on('exit', function (code, signal) {
    process.exit(code === null ? 128 + (require('os').constants.signals[signal] || 0) : code)
  })
}

function start() {
  var vm = require('vm')
  var folder = path.join(__dirname, 'cli')
  var cache = cacheFolder()
  var loaded = {}
  var fresh = []
  // One listener for all: more than ten are a warning on the user's screen.
  process.once('exit', function () {
    fresh.forEach(function (chunk) {
      write(path.join(cache, chunk.name + '.jsc'), chunk.script)
    })
  })
  var atOnce = compiled('start.cjs')
  load('main.cjs')

  function load(name) {
    if (loaded[name]) return loaded[name].exports
    var module = (loaded[name] = { exports: {} })
    ;(atOnce[name] || compiled(name))(module.exports, get, module)
    return module.exports
  }

  function compiled(name) {
    var file = path.join(folder, name)
    var source = fs.readFileSync(file, 'latin1') // the chunks are ASCII
    var cached = cache && read(path.join(cache, name + '.jsc'))
    var script = new vm.Script(source, {
      filename: file,
      cachedData: cached,
      importModuleDynamically: vm.constants && vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    })
    if (cache && (!cached || script.cachedDataRejected)) fresh.push({ name: name, script: script })
    return script.runInThisContext()
  }

  function get(name) {
    return name.slice(0, 2) === './' ? load(name.slice(2)) : require(name)
  }

  // A cache is code, so it is used only where nobody else can write. Its name says what it was made from and for.
  function cacheFolder() {
    var home = process.env.XDG_CACHE_HOME || (process.env.HOME && path.join(process.env.HOME, '.cache'))
    if (!home || !process.getuid) return undefined
    var folder = path.join(home, 'gantry', BUILD + '-' + process.version + '-' + process.arch)
    try {
      fs.mkdirSync(folder, { recursive: true, mode: 448 })
      var stat = fs.statSync(folder)
      return stat.uid === process.getuid() && (stat.mode & 63) === 0 ? folder : undefined
    } catch (_) {
      return undefined
    }
  }

  function read(file) {
    try {
      return fs.readFileSync(file)
    } catch (_) {
      return undefined
    }
  }

  // At the end of the run, so that what the run compiled is in it; in one piece, since other runs may read.
  function write(file, script) {
    var part = file + '.' + process.pid
    try {
      fs.writeFileSync(part, script.createCachedData(), { mode: 384 })
      fs.renameSync(part, file)
    } catch (_) {
      // without a cache the next run compiles again
    }
  }
}
