#!/usr/bin/env node
'use strict'
// Starts the command. Any Node reads this, to say that a newer one is needed. How it begins where it was installed: first-line.cjs.
var path = require('path')
var fs = require('fs')

var version = process.versions.node.split('.').map(Number)
if (version[0] > 22 || (version[0] === 22 && version[1] >= 22)) {
  var folder = path.join(__dirname, 'cli')
  require('./start.cjs')(folder, function (name) {
    return fs.readFileSync(path.join(folder, name), 'latin1') // the chunks are ASCII
  })
} else {
  console.error(
    'gantry needs Node 22.22 or newer, this is ' +
      process.version +
      ': install it from https://nodejs.org, or use the executable, which brings its own',
  )
  process.exit(1)
}
