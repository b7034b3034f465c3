'use strict'
// How the chunks of the shipped command find each other and the parts of Node. Any Node reads this.
// `compiled` gives a chunk's function by its file's name.
module.exports = function loader(compiled) {
  var loaded = {}

  function load(name) {
    if (loaded[name]) return loaded[name].exports
    var module = (loaded[name] = { exports: {} })
    compiled(name)(module.exports, get, module)
    return module.exports
  }

  function get(name) {
    if (name.slice(0, 2) !== './') return later(require, name)
    return LATER.indexOf(name.slice(2)) < 0 ? load(name.slice(2)) : later(load, name.slice(2))
  }

  // A part of Node is loaded when something of it is first used: most commands use few of those that they name, and each takes its time.
  // So are the chunks of which that is said where they are made.
  function later(from, name) {
    var found
    function part() {
      return found || (found = from(name))
    }
    // What is bound can be called and constructed, and has no property of its own that a proxy would have to tell.
    var target = function () {}.bind()
    delete target.name
    delete target.length
    return new Proxy(target, {
      get: function (_, key) {
        return part()[key]
      },
      has: function (_, key) {
        return key in part()
      },
      ownKeys: function () {
        return Reflect.ownKeys(part())
      },
      getOwnPropertyDescriptor: function (_, key) {
        var own = Object.getOwnPropertyDescriptor(part(), key)
        return own && Object.assign(own, { configurable: true })
      },
      apply: function (_, self, given) {
        return Reflect.apply(part(), self, given)
      },
      construct: function (_, given, made) {
        return Reflect.construct(part(), given, made)
      },
    })
  }

  return load
}
