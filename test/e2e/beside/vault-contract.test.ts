/** The real Vault keeps the contract that the development store keeps in `npm test`. */
import { describeVaultContract } from '../../support/vault-contract.ts'
import { vaultUrl } from '../settings.ts'
import { openMachine } from '../support/machine.ts'

const machine = openMachine()

/** A token of the API server; namespace and ServiceAccount are made where they are missing. */
async function mint(account: {
  readonly namespace: string
  readonly serviceAccount: string
}): Promise<string> {
  const { namespace, serviceAccount } = account
  const manifest = {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: serviceAccount, namespace } },
    ],
  }
  await machine.kubectl.run(['apply', '--filename', '-'], JSON.stringify(manifest))
  const token = ['create', 'token', serviceAccount, '--namespace', namespace]
  return (await machine.kubectl.run(token)).trim()
}

describeVaultContract({
  target: () => ({ address: vaultUrl, rootToken: machine.context.rootToken }),
  // The plugin for PostgreSQL is not among what this suite builds.
  capabilities: { database: false, mint },
})
