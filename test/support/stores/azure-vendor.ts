/** Microsoft's own clients of Key Vault and Entra ID, as a pod with a workload identity. */
import { WorkloadIdentityCredential } from '@azure/identity'
import { SecretClient } from '@azure/keyvault-secrets'
import type { AzureScene } from './azure-peer.ts'
import { application, tenant } from './entra-fake.ts'
import type { ClientView, Failure } from './two-clients.ts'

/** Without its own retries and pauses, which take seconds. */
const retryOptions = { maxRetries: 0 }
const polling = { intervalInMs: 5 }

export function createAzureVendor({ entra, service, tokenPath }: AzureScene): SecretClient {
  const credential = new WorkloadIdentityCredential({
    tenantId: tenant,
    clientId: application,
    tokenFilePath: tokenPath,
    authorityHost: entra.address,
    disableInstanceDiscovery: true,
    retryOptions,
  })
  return new SecretClient(service.address, credential, {
    serviceVersion: '2025-07-01',
    // Loopback is in no domain.
    disableChallengeResourceVerification: true,
    retryOptions,
  })
}

export function viewVendor(client: SecretClient): ClientView {
  return {
    write: async (name, bytes) => {
      const { properties } = await client.setSecret(name, Buffer.from(bytes).toString('utf8'))
      return properties.version ?? ''
    },
    read: async (name, version) => {
      const options = version === undefined ? {} : { version }
      const { value = '', properties } = await client.getSecret(name, options)
      return { text: value, version: properties.version ?? '' }
    },
    list: async (prefix) => {
      const names: string[] = []
      for await (const { name } of client.listPropertiesOfSecrets()) names.push(name)
      return names.filter((name) => name.startsWith(prefix))
    },
    versions: async (name) => {
      const all = []
      for await (const version of client.listPropertiesOfSecretVersions(name)) all.push(version)
      return all
        .toSorted((left, right) => Number(right.createdOn) - Number(left.createdOn))
        .map(({ version = '', enabled = false }) => ({ version, isEnabled: enabled }))
    },
    remove: async (name) => {
      const poller = await client.beginDeleteSecret(name, polling)
      await poller.pollUntilDone()
    },
    restore: async (name) => {
      const poller = await client.beginRecoverDeletedSecret(name, polling)
      await poller.pollUntilDone()
    },
  }
}

const failures = new Map<unknown, Failure>([
  [403, 'refused'],
  [404, 'missing'],
  [429, 'busy'],
  [503, 'busy'],
])

export function azureFailure(thrown: unknown): Failure | undefined {
  const isAnswer = thrown instanceof Error && 'statusCode' in thrown
  return isAnswer ? failures.get(thrown.statusCode) : undefined
}
