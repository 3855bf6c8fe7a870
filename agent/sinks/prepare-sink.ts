/** The content of a sink: the token, wrapped first and then encrypted, as far as the sink asks for it. */
import { AppError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import type { VaultClient } from '../../core/vault/client.ts'
import { formatWrapInfo } from '../../core/vault/wrap-info.ts'
import type { SinkConfig, SinkEncryption } from '../config/sink-config.ts'
import { readReaderKey } from './reader-key.ts'
import type { PrepareSink } from './sink-content.ts'

export interface SinkPorts {
  readonly client: VaultClient
  /** Where `aad_env_var` is looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Public keys once read are remembered: their files may be gone later, as for Vault Agent. */
export function createSinkPreparer({ client, environment }: SinkPorts): PrepareSink {
  const readerKeys = new Map<string, Uint8Array>()
  const encrypt = async (encryption: SinkEncryption, text: string) => {
    const { publicKeyPath, deriveKey, aad } = encryption
    const readerKey = readerKeys.get(publicKeyPath) ?? readReaderKey(publicKeyPath)
    readerKeys.set(publicKeyPath, readerKey)
    const { encryptFor } = await import('./encrypt.ts')
    const data = 'text' in aad ? aad.text : (environment[aad.variable] ?? '')
    return encryptFor({ readerKey, deriveKey, aad: data }, text)
  }
  return async ({ wrapTtlMs, encryption }: SinkConfig, token: Secret) => {
    const plain = token.reveal()
    const text = wrapTtlMs === undefined ? plain : await wrap(client, token, wrapTtlMs)
    return Buffer.from(encryption === undefined ? text : await encrypt(encryption, text))
  }
}

async function wrap(client: VaultClient, token: Secret, ttlMs: number): Promise<string> {
  const path = 'sys/wrapping/wrap'
  const data = new Map([['token', token.reveal()]])
  const answer = await client.write(path, data, { token, wrapTtlMs: ttlMs })
  const text = formatWrapInfo(answer)
  if (text !== undefined) return text
  throw new AppError('store_answer_invalid', { path, reason: 'not wrapped' })
}
