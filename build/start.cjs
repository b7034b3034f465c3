'use strict'
// Runs the chunks of the command from V8's code cache, which saves compiling. Any Node reads this.
var path = require('path')
var fs = require('fs')
var vm = require('vm')
var loader = require('./load-chunks.cjs')

// `folder` is where the chunks lie, or seem to, and `read` gives one's text.
module.exports = function start(folder, read) {
  var cache = cacheFolder()
  var used = []
  // What was compiled for one command is not all that another runs: the first run of each adds its part.
  var mark = cache && path.join(cache, (process.argv.slice(2).find(isCommand) || 'help') + '.seen')
  var seen = mark && fs.existsSync(mark)
  // One listener for all: more than ten are a warning on the user's screen.
  process.once('exit', function () {
    if (!cache) return
    used.forEach(function (file) {
      if (!seen || !file.kept) keep(path.join(cache, file.name + '.jsc'), file.script.createCachedData())
    })
    if (!seen) keep(mark, '')
  })
  var packs = {}
  loader(function (name) {
    var pack = PACKED[name]
    return pack ? (packs[pack] || (packs[pack] = compiled(pack)))[name] : compiled(name)
  })('main.cjs')

  function compiled(name) {
    var cached = cache && kept(path.join(cache, name + '.jsc'))
    var script = new vm.Script(read(name), {
      filename: path.join(folder, name),
      cachedData: cached,
      importModuleDynamically: vm.constants && vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    })
    used.push({ name: name, script: script, kept: cached && !script.cachedDataRejected })
    return script.runInThisContext()
  }

  // Taken for one, a value of a flag that reads the same costs nothing but time.
  function isCommand(word) {
    return COMMANDS.indexOf(word) >= 0
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

  function kept(file) {
    try {
      return fs.readFileSync(file)
    } catch (_) {
      return undefined
    }
  }

  // At the end of the run, so that what the run compiled is in it; in one piece, since other runs may read.
  function keep(file, content) {
    var part = file + '.' + process.pid
    try {
      fs.writeFileSync(part, content, { mode: 384 })
      fs.renameSync(part, file)
    } catch (_) {
      // without a cache the next run compiles again
    }
  }
}
