'use strict'
// What the command's file begins with, where it was installed; `npm` runs this before it links the command. Any Node reads this.
var fs = require('fs')

// What npm packs: every system can start it. What is missing is what Node is to be started with: `env` of busybox takes one word only,
// and where Node gets no dashes before the script it looks for the file of our --env-file itself, to end with 9 where there is none
// (nodejs/node#54232; it reads none of it).
var PLAIN = '#!/usr/bin/env node\n'

function beginning(platform) {
  // npm writes what stands here into the .cmd and .ps1 that start the command on Windows.
  if (platform === 'win32') return '#!/usr/bin/env node ' + FLAGS + '\n'
  // The second line is the shell's, to JavaScript a text and a comment.
  return "#!/bin/sh\n':' //; exec node " + FLAGS + ' "$0" "$@"\n'
}

module.exports = function settle(file, platform) {
  var text = fs.readFileSync(file, 'latin1')
  if (text.indexOf(PLAIN) !== 0) return
  // In a new file: installers may share this one between folders.
  var part = file + '.' + process.pid
  fs.writeFileSync(part, beginning(platform) + text.slice(PLAIN.length), { encoding: 'latin1', mode: 493 })
  fs.renameSync(part, file)
}
