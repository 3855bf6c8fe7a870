/** AWS's own clients as a second way to the same data. */
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import {
  DeleteParameterCommand,
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { staticKeys } from './aws-fake.ts'
import type { RunningPeer } from './store-peer.ts'

export type VendorAccess = Pick<RunningPeer, 'put' | 'look' | 'remove'> & {
  readonly close: () => void
}

export const testRegion = 'eu-west-1'

function vendorOptions(address: string) {
  return {
    region: testRegion,
    endpoint: address,
    credentials: {
      accessKeyId: staticKeys.accessKey,
      secretAccessKey: staticKeys.secretKey,
    },
    maxAttempts: 1,
  }
}

export function openVendorSecrets(
  address: string,
): VendorAccess & { readonly client: SecretsManagerClient } {
  const client = new SecretsManagerClient(vendorOptions(address))
  return {
    client,
    close: () => client.destroy(),
    put: async (path, bytes) => {
      const content = contentOf(bytes)
      try {
        await client.send(new PutSecretValueCommand({ SecretId: path, ...content }))
      } catch (thrown) {
        if (!isNamed(thrown, 'ResourceNotFoundException')) throw thrown
        await client.send(new CreateSecretCommand({ Name: path, ...content }))
      }
    },
    look: async (path) => {
      try {
        const { SecretString, SecretBinary } = await client.send(
          new GetSecretValueCommand({ SecretId: path }),
        )
        return SecretBinary ?? Buffer.from(SecretString ?? '')
      } catch (thrown) {
        if (isNamed(thrown, 'ResourceNotFoundException')) return undefined
        throw thrown
      }
    },
    remove: async (path) => {
      const input = { SecretId: path, ForceDeleteWithoutRecovery: true }
      await client.send(new DeleteSecretCommand(input))
    },
  }
}

export function openVendorParameters(
  address: string,
): VendorAccess & { readonly client: SSMClient } {
  const client = new SSMClient(vendorOptions(address))
  return {
    client,
    close: () => client.destroy(),
    put: async (path, bytes) => {
      const Value = Buffer.from(bytes).toString('utf8')
      await client.send(
        new PutParameterCommand({ Name: path, Value, Type: 'SecureString', Overwrite: true }),
      )
    },
    look: async (path) => {
      try {
        const input = { Name: path, WithDecryption: true }
        const { Parameter } = await client.send(new GetParameterCommand(input))
        return Buffer.from(Parameter?.Value ?? '')
      } catch (thrown) {
        if (isNamed(thrown, 'ParameterNotFound')) return undefined
        throw thrown
      }
    },
    remove: async (path) => {
      await client.send(new DeleteParameterCommand({ Name: path }))
    },
  }
}

/** Text where it is text. */
function contentOf(bytes: Uint8Array) {
  try {
    return {
      SecretString: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    }
  } catch {
    return { SecretBinary: bytes }
  }
}

function isNamed(thrown: unknown, name: string): boolean {
  return thrown instanceof Error && thrown.name === name
}
