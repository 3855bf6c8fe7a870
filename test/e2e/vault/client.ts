/** As much of Vault's HTTP API as the suite calls. */
import { vaultUrl } from '../settings.ts'

export interface VaultClient {
  /** The response's body, or undefined for an empty one; a status of 400 or more is an error. */
  readonly call: (method: string, path: string, body?: object) => Promise<Reply | undefined>
}

/** A reply is read by name, one property at a time: only the caller knows its shape. */
export interface Reply {
  readonly [property: string]: unknown
}

export function openVault(token?: string): VaultClient {
  return {
    call: async (method, path, body) => {
      const response = await fetch(`${vaultUrl}/v1/${path}`, {
        method,
        headers: token === undefined ? {} : { 'X-Vault-Token': token },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: status ${response.status} ${text}`)
      return text === '' ? undefined : JSON.parse(text)
    },
  }
}
