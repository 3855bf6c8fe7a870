'use strict'

// re2js takes longer to load than all the rest of a template, and few templates have a regular expression: loaded when one does.
const load = () => require('../node_modules/re2js/build/index.cjs')

module.exports = {
  get RE2JS() {
    return load().RE2JS
  },
  get RE2JSException() {
    return load().RE2JSException
  },
}
