/** The development store behind HTTP keeps the contract that the real Vault keeps. */
import { afterAll, beforeAll } from '@jest/globals'
import { type Issuer, openIssuer } from '../../../../cli/dev/issuer.ts'
import { type DevServer, startDevServer } from '../../../../cli/dev/server.ts'
import { createDevStore } from '../../../../cli/dev/store.ts'
import { systemClock } from '../../../../core/clock.ts'
import { Secret } from '../../../../core/secret.ts'
import { makeDirectory } from '../../../support/dev-store.ts'
import { describeVaultContract } from '../../../support/vault-contract.ts'

const dataDirectory = makeDirectory()
const rootToken = 'hvs.contract'
let issuer: Issuer
let server: DevServer

beforeAll(async () => {
  issuer = await openIssuer(dataDirectory, systemClock)
  const store = createDevStore({
    dataDirectory,
    clock: systemClock,
    rootToken: new Secret(rootToken),
    issuer,
  })
  server = await startDevServer({ store, host: '127.0.0.1', port: 0 })
})

afterAll(async () => {
  await server.close()
})

describeVaultContract({
  target: () => ({ address: server.address, rootToken }),
  capabilities: {
    database: true,
    mint: async (account) => (await issuer.mint({ ...account, ttl: 600 })).reveal(),
  },
})
