/** What a sink's file holds: the token, wrapped and encrypted as the sink asks. */
import type { Secret } from '../../core/secret.ts'
import type { SinkConfig } from '../config/sink-config.ts'

/** Wraps first and encrypts second, as Vault Agent does. Errors: `store_*`, `input_invalid` with the path of the public key. */
export type PrepareSink = (sink: SinkConfig, token: Secret) => Promise<Uint8Array>
