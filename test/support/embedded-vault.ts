/** The development store under the flags of `vault server -dev`, for runners that start the server themselves. */
import { mkdtempSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { openIssuer } from '../../cli/dev/issuer.ts'
import { startDevServer } from '../../cli/dev/server.ts'
import { createDevStore } from '../../cli/dev/store.ts'
import { systemClock } from '../../core/clock.ts'
import { Secret } from '../../core/secret.ts'

const flags = new Map(
  process.argv.slice(2).map((word) => {
    const [name = '', value = ''] = word.split('=')
    return [name, value]
  }),
)
// The runner kills its servers; it, or its caller, removes the home that it gives them.
const dataDirectory = mkdtempSync(join(homedir(), 'embedded-vault-'))
const [host = '', port = ''] = (flags.get('-dev-listen-address') ?? '').split(':')
const store = createDevStore({
  dataDirectory,
  clock: systemClock,
  rootToken: new Secret(flags.get('-dev-root-token-id') ?? ''),
  issuer: await openIssuer(dataDirectory, systemClock),
})
await startDevServer({ store, host, port: Number(port) })
// The line that tells callers of a development server that it is there. There is nothing to unseal.
process.stdout.write('Unseal Key: none\n')
