'use strict'

// Stands in for modules that node-vault loads and never uses, because core/vault/client.ts gives it others.
const refuse = () => {
  throw new Error('this module is left out of the bundle: node-vault is given another to use')
}

module.exports = () => refuse
