'use strict'

// The parser of handlebars is for few templates: loaded when there is one.
const load = () => require('../node_modules/handlebars/dist/cjs/handlebars/compiler/base.js')

module.exports = {
  get parse() {
    return load().parse
  },
  get parser() {
    return load().parser
  },
}
