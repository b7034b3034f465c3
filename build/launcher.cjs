#!/bin/sh
'use strict'
// The build writes the shell's line below the first. Starts the command: on an old Node by one that npm brought along. Any Node reads this.
var path = require('path')
var fs = require('fs')

var version = process.versions.node.split('.').map(Number)
if (version[0] > 22 || (version[0] === 22 && version[1] >= 22)) {
  var folder = path.join(__dirname, 'cli')
  require('./start.cjs')(folder, function (name) {
    return fs.readFileSync(path.join(folder, name), 'latin1') // the chunks are ASCII
  })
} else startByNewer()

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
  // As above. What we were called by is kept: it says which plugin of docker's we are.
  var words = FLAGS.concat(process.argv[1], process.argv.slice(2))
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
