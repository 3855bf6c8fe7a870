/** Which mounts are KV v2 ones, as far as it was ever asked (`sys/internal/ui/mounts/:path`, the preflight of Vault's own kv command). */
import { AppError, type ErrorCode } from '../../errors.ts'
import type { Secret } from '../../secret.ts'
import type { VaultClient } from '../../vault/client.ts'
import { parseEnvelope } from '../../vault/envelope.ts'
import { localMount } from './kv-paths.ts'

export interface Mount {
  /** 1 also for every engine that is none of KV's. */
  readonly version: 1 | 2
  /** When that was asked, milliseconds since the epoch. */
  readonly askedAt: number
}

/** Mount path, with its final slash, → what was learnt. The caller keeps it, for as long as it likes. */
export type MountMemory = Map<string, Mount>

/** A known mount: its path and its version. */
export interface KnownMount {
  readonly path: string
  readonly version: 1 | 2
}

export interface Mounts {
  /** The mount that begins `path`, if it is known. */
  readonly recall: (path: string) => KnownMount | undefined
  /** What `recall` says unless that is old, else Vault's answer; undefined where it cannot be found out. */
  readonly find: (path: string, token: Secret) => Promise<KnownMount | undefined>
  /** Forgets the mount that begins `path`: the store's answers do not fit it. */
  readonly forget: (path: string) => void
}

/** A mount may be made anew in another version; where reading it fails, an answer older than this is asked for again. */
const trustedMs = 5 * 60_000

/** The question has failed, and may be answered later. */
const passing = new Set<ErrorCode>(['store_busy', 'store_unreachable', 'token_invalid'])

export interface MountsDeps {
  readonly client: VaultClient
  readonly memory: MountMemory
  readonly now: () => number
}

/** Errors of `find`: those of the client that pass; what refuses to tell is `undefined`. Only definite answers are remembered. */
export function createMounts({ client, memory, now }: MountsDeps): Mounts {
  const pending = new Map<string, Promise<unknown>>()
  const recall = (path: string): KnownMount | undefined => {
    const found = [...memory].find(([mount]) => `${path}/`.startsWith(mount))
    return found === undefined ? undefined : { path: found[0], version: found[1].version }
  }
  const recallFresh = (path: string): KnownMount | undefined => {
    const known = recall(path)
    const askedAt = known === undefined ? 0 : (memory.get(known.path)?.askedAt ?? 0)
    return now() - askedAt < trustedMs ? known : undefined
  }
  const ask = async (path: string, token: Secret): Promise<KnownMount | undefined> => {
    const mount = await askVault(client, path, token)
    if (mount !== undefined) memory.set(mount.path, { version: mount.version, askedAt: now() })
    return mount
  }
  return {
    recall,
    find: async (path, token) => {
      // Paths with a common beginning are likely to have their mount in common: one question at a time.
      const [group = ''] = path.split('/')
      const earlier = pending.get(group)
      if (earlier !== undefined) await earlier.catch(() => undefined)
      const known = recallFresh(path)
      if (known !== undefined) return known
      const asked = ask(path, token)
      pending.set(group, asked)
      const settle = () => {
        if (pending.get(group) === asked) pending.delete(group)
      }
      asked.then(settle, settle)
      return asked
    },
    forget: (path) => {
      const known = recall(path)
      if (known !== undefined) memory.delete(known.path)
    },
  }
}

async function askVault(
  client: VaultClient,
  path: string,
  token: Secret,
): Promise<KnownMount | undefined> {
  const answer = await client
    .read(`sys/internal/ui/mounts/${path}`, { token })
    .then(parseEnvelope)
    .catch((thrown: unknown) => {
      if (!(thrown instanceof AppError) || passing.has(thrown.code)) throw thrown
      return undefined
    })
  const reported = answer?.data?.get('path')
  const options = answer?.data?.get('options')
  const mount =
    typeof reported === 'string' ? localMount(reported, path, client.namespace) : undefined
  if (mount === undefined) return undefined
  return { path: mount, version: isVersioned(options) ? 2 : 1 }
}

function isVersioned(options: unknown): boolean {
  return options instanceof Map && options.get('version') === '2'
}
