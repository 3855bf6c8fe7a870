/** The token of a named Vault: got by a login, renewed or made anew before it ends, and kept where the agent keeps it. */
import { join } from 'node:path'
import { readTrimmed, requireTrimmed } from '../../credential-file.ts'
import { AppError } from '../../errors.ts'
import type { JsonObject } from '../../json.ts'
import { Secret } from '../../secret.ts'
import { createFlight } from '../../single-flight.ts'
import type { VaultClient } from '../../vault/client.ts'
import { parseEnvelope } from '../../vault/envelope.ts'
import { type StoreSettings, settingOf } from '../settings/store-settings.ts'
import type { StorePorts } from '../store.ts'
import {
  createLogins,
  type GrantedLease,
  type Held,
  type LoginMethod,
  type TokenSource,
} from './vault-logins.ts'

export interface VaultSession {
  /** Calls `work` with a good token; where the server does not take it, once more with a new one. */
  readonly run: <T>(work: (token: Secret) => Promise<T>) => Promise<T>
  /** How long a lease lives, seconds, that was just made with a token of `run`, or renewed: no longer than the token that made it, which is renewed for that. */
  readonly bindLease: (granted: GrantedLease) => Promise<number>
  /** Revokes the token that it logged in for, and with it its leases; false where there is none, or it is somebody else's. */
  readonly revoke: () => Promise<boolean>
}

const projectedToken = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/** Errors: `config_invalid` for a login that lacks its role or its token's file. */
export function createSession(
  settings: StoreSettings,
  ports: StorePorts,
  client: VaultClient,
): VaultSession {
  const method = findMethod(settings, ports)
  const source =
    method.kind === 'token'
      ? createFixed(() => readToken(method, ports))
      : createLogins(method, ports, client)
  const flight = createFlight<Held>()
  // Of several that need one at the same time the first asks.
  const find = () => flight('token', () => source.find())
  return {
    run: async (work) => {
      const { token } = await find()
      try {
        return await work(token)
      } catch (thrown) {
        if (!(thrown instanceof AppError) || thrown.code !== 'token_invalid') throw thrown
        source.forget(token)
        const next = await find()
        if (next.token.reveal() === token.reveal()) throw thrown
        return work(next.token)
      }
    },
    bindLease: (granted) => source.bindLease(granted),
    revoke: () => source.revoke(),
  }
}

/** A token that its owner looks after. */
function createFixed(find: () => Promise<Held>): TokenSource {
  return {
    find,
    forget: () => undefined,
    bindLease: async ({ seconds }: GrantedLease) => seconds,
    revoke: async () => false,
  }
}

interface TokenMethod {
  readonly kind: 'token'
  readonly path: string | undefined
  readonly variable: string
}

function findMethod(
  settings: StoreSettings,
  { environment }: StorePorts,
): TokenMethod | LoginMethod {
  const { name } = settings
  const of = (key: string) => settingOf(settings, key, environment)
  const isPod = environment['KUBERNETES_SERVICE_HOST'] !== undefined
  const kind = of('auth') ?? (isPod ? 'kubernetes' : 'token')
  if (kind === 'token') {
    return { kind, path: of('token_path'), variable: of('token_variable') ?? 'VAULT_TOKEN' }
  }
  const role = of('role')
  const tokenPath = of('token_path') ?? (kind === 'kubernetes' ? projectedToken : undefined)
  if (kind === 'kubernetes' && role === undefined) throw incomplete(name, 'no role')
  if (tokenPath === undefined) throw incomplete(name, 'no token_path')
  const mount = of('mount') ?? kind
  const identity = JSON.stringify([name, of('address'), of('namespace'), kind, mount, role])
  return {
    kind: kind === 'jwt' ? 'jwt' : 'kubernetes',
    ...{ mount, role: role ?? '', tokenPath, identity: `vault ${identity}` },
  }
}

/** Source of the places: Vault's own command line. A file is read anew each time. */
async function readToken(
  { path, variable }: TokenMethod,
  { environment }: StorePorts,
): Promise<Held> {
  const home = environment['HOME']
  const found =
    path === undefined
      ? environment[variable] ||
        (home === undefined ? undefined : readTrimmed(join(home, '.vault-token')))
      : requireTrimmed(path, 'credentials_unavailable')
  if (found === undefined) {
    throw new AppError('credentials_unavailable', {
      reason: `no ${variable} and no ~/.vault-token`,
    })
  }
  const never = Number.POSITIVE_INFINITY
  return { token: new Secret(found), expiresAt: never, renewAt: never, isRenewable: false }
}

function incomplete(store: string, reason: string): AppError {
  return new AppError('config_invalid', { store, reason })
}

/** Of an answer. */
export function dataOf(body: JsonObject): JsonObject {
  return parseEnvelope(body).data ?? new Map()
}
