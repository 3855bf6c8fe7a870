/** Google's own client of Secret Manager, over REST, as a federated pod. */
import { writeFileSync } from 'node:fs'
import { SecretManagerServiceClient } from '@google-cloud/secret-manager'
import { project } from './gcp-fake.ts'
import type { GcpScene } from './gcp-peer.ts'
import { provider } from './google-identity-fake.ts'
import type { ClientView, Failure } from './two-clients.ts'

/** Without its own retries, which wait for seconds. */
const once = { retry: { retryCodes: [] } }

export interface GoogleVendor {
  readonly client: SecretManagerServiceClient
  readonly view: ClientView
}

export async function createGoogleVendor({
  identity,
  service,
  tokenPath,
}: GcpScene): Promise<GoogleVendor> {
  const credentialsPath = `${tokenPath}.json`
  const credentials = {
    type: 'external_account',
    audience: `//iam.googleapis.com/${provider}`,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${identity.address}/v1/token`,
    credential_source: { file: tokenPath },
  }
  writeFileSync(credentialsPath, JSON.stringify(credentials))
  const { hostname, port } = new URL(service.address)
  const address = { apiEndpoint: hostname, port: Number(port), protocol: 'http' }
  const client = new SecretManagerServiceClient({ fallback: true, ...address })
  // The one way to name them that it does not warn of; without a project it would ask Google for one.
  const variables = {
    GOOGLE_APPLICATION_CREDENTIALS: credentialsPath,
    GOOGLE_CLOUD_PROJECT: project,
  }
  Object.assign(process.env, variables)
  await client.auth.getClient()
  for (const name of Object.keys(variables)) delete process.env[name]
  return { client, view: viewClient(client) }
}

const parent = `projects/${project}`
const nameOf = (id: string) => `${parent}/secrets/${id}`

function viewClient(client: SecretManagerServiceClient): ClientView {
  return {
    write: async (id, bytes) => {
      const secret = { replication: { automatic: {} } }
      await client.createSecret({ parent, secretId: id, secret }).catch((thrown: unknown) => {
        if (statusOf(thrown) !== 6) throw thrown
      })
      const [version] = await client.addSecretVersion({
        parent: nameOf(id),
        payload: { data: bytes },
      })
      return lastOf(version.name)
    },
    read: async (id, version = 'latest') => {
      const name = `${nameOf(id)}/versions/${version}`
      const [{ name: seen, payload }] = await client.accessSecretVersion({ name }, once)
      return {
        text: Buffer.from(payload?.data ?? '').toString('utf8'),
        version: lastOf(seen),
      }
    },
    list: async (prefix) => {
      const [secrets] = await client.listSecrets({ parent, filter: `name:${prefix}` })
      return secrets.map(({ name }) => lastOf(name))
    },
    versions: async (id) => {
      const [versions] = await client.listSecretVersions({ parent: nameOf(id) })
      return versions.map(({ name, state }) => ({
        version: lastOf(name),
        isEnabled: state === 'ENABLED',
      }))
    },
    remove: async (id) => {
      await client.deleteSecret({ name: nameOf(id) })
    },
  }
}

/** Source: google.rpc.Code. */
const failures = new Map<unknown, Failure>([
  [5, 'missing'],
  [7, 'refused'],
  [8, 'busy'],
  [14, 'busy'],
])

export function googleFailure(thrown: unknown): Failure | undefined {
  return failures.get(statusOf(thrown))
}

export function statusOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
}

function lastOf(name: string | null | undefined): string {
  return name?.slice(name.lastIndexOf('/') + 1) ?? ''
}
