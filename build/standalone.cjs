'use strict'
// What the standalone executable runs: the chunks are in it.
var asset = require('node:sea').getRawAsset

require('./start.cjs')('/gantry', function (name) {
  return Buffer.from(asset(name)).latin1Slice() // the chunks are ASCII
})
