/** Which tokens a vault takes: what it says to a request without one, or what is known of Azure's clouds. */
import type { IncomingHttpHeaders } from 'node:http'
import { AppError } from '../../errors.ts'

export interface Challenge {
  /** Undefined where the vault does not name one. */
  readonly tenantId: string | undefined
  /** `https://vault.azure.net/.default`. */
  readonly scope: string
}

interface Cloud {
  /** Domain of its vaults. */
  readonly domain: string
  /** Its Entra ID. */
  readonly authority: string
}

/** Source: https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-object-identifiers. */
const clouds: readonly Cloud[] = [
  { domain: 'vault.azure.net', authority: 'https://login.microsoftonline.com' },
  { domain: 'vault.azure.cn', authority: 'https://login.chinacloudapi.cn' },
  { domain: 'vault.usgovcloudapi.net', authority: 'https://login.microsoftonline.us' },
]

/** Undefined for a host that is in none of the clouds. */
export function cloudOf(vaultUrl: string): Cloud | undefined {
  const { hostname } = new URL(vaultUrl)
  return clouds.find(({ domain }) => hostname.endsWith(`.${domain}`))
}

/**
 * Of an answer 401; undefined for one without a challenge. Whoever answers in the vault's stead must not get a token that is good elsewhere: the resource has to be the
 * vault's own host or a domain that it is in. The authority in the challenge is read for the tenant alone, since what is
 * sent there proves the identity. Errors: `store_answer_invalid`. Source: https://aka.ms/azsdk/blog/vault-uri.
 */
export function readChallenge(
  headers: IncomingHttpHeaders,
  vaultUrl: string,
  store: string,
): Challenge | undefined {
  const header = headers['www-authenticate']
  if (header === undefined) return undefined
  const fields = new Map(
    Array.from(header.matchAll(/(\w+)="([^"]*)"/g), ([, name = '', value = '']) => [name, value]),
  )
  const resource = fields.get('resource') ?? fields.get('scope')?.replace(/\/\.default$/, '') ?? ''
  if (!belongsTo(resource, vaultUrl)) {
    const reason = 'a challenge for tokens of another service'
    throw new AppError('store_answer_invalid', { store, address: vaultUrl, reason })
  }
  const authority = fields.get('authorization') ?? fields.get('authorization_uri') ?? ''
  return { tenantId: tenantOf(authority), scope: `${resource}/.default` }
}

function belongsTo(resource: string, vaultUrl: string): boolean {
  if (!URL.canParse(resource)) return false
  const { protocol, hostname } = new URL(resource)
  const vault = new URL(vaultUrl)
  if (protocol !== 'https:' && protocol !== vault.protocol) return false
  return vault.hostname === hostname || vault.hostname.endsWith(`.${hostname}`)
}

function tenantOf(authority: string): string | undefined {
  if (!URL.canParse(authority)) return undefined
  const [, tenant = ''] = new URL(authority).pathname.split('/')
  return /^[A-Za-z0-9.-]+$/.test(tenant) ? tenant : undefined
}

export function packChallenge({ tenantId = '', scope }: Challenge): string {
  return `${tenantId} ${scope}`
}

export function unpackChallenge(text: string): Challenge | undefined {
  const [tenantId, scope] = text.split(' ')
  return scope === undefined ? undefined : { tenantId: tenantId || undefined, scope }
}
