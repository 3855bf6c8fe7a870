'use strict'

// node-vault reaches HTTP through our own node:https transport; axios must never be called.
const refuse = () => {
  throw new Error(
    'axios is stubbed out: node-vault runs over the node:https transport of core/vault',
  )
}

module.exports = { create: () => refuse, request: refuse }
