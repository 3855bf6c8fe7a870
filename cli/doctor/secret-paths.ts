/** Examines the paths that a pod asks for, with the token that its role gives: allowed, there, and as they were meant. */
import { AppError } from '../../core/errors.ts'
import type { JsonObject, JsonValue } from '../../core/json.ts'
import type { Secret } from '../../core/secret.ts'
import { localMount, versionedPath } from '../../core/stores/vault/kv-paths.ts'
import { createVaultStore } from '../../core/stores/vault/vault.ts'
import type { VaultClient } from '../../core/vault/client.ts'
import type { FileNeeds } from '../cluster/pod-agent.ts'
import { type Failure, failed, judge, type Result, skipped } from './result.ts'
import { findOddities } from './values.ts'

export interface PathExamination {
  readonly client: VaultClient
  readonly token: Secret
  readonly files: readonly FileNeeds[]
  readonly role: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** What a template may want of a path: reading, or writing as `pkiCert` and `secret` with arguments do. */
const useful = ['read', 'update', 'create', 'root', 'sudo']

export async function examinePaths(given: PathExamination): Promise<readonly Result[]> {
  const { files, role } = given
  const paths = [...new Set(files.flatMap((file) => file.paths))].map((path) =>
    path.replace(/^\/+|\/+$/g, ''),
  )
  const places = await Promise.all(paths.map((path) => findPlace(given, path)))
  const allowed = await readCapabilities(given, places)
  const denied = places.filter(({ path }) => !allowed(path))
  const forbidden = denied.map(({ path }) =>
    failed('path-forbidden', {
      subject: path,
      detail: `role ${role} may not read it`,
      command: `vault policy write NAME - <<< 'path "${path}" { capabilities = ["read"] }'`,
    }),
  )
  const unclear = files.filter((file) => file.unclear).map(({ destination }) => destination)
  const note =
    unclear.length === 0
      ? []
      : [
          skipped(
            'path-forbidden',
            `the paths of ${unclear.join(', ')} are computed or lie in the pod`,
          ),
        ]
  const kept = places.filter(({ path, isStatic }) => isStatic && allowed(path))
  const contents = await Promise.all(kept.map(({ path }) => examineContent(given, path)))
  const failures = contents.flat()
  return [
    ...judge('path-forbidden', forbidden),
    ...note,
    ...contentChecks.flatMap((check) =>
      judge(
        check,
        failures.filter((failure) => failure.check === check),
      ),
    ),
  ]
}

const contentChecks = [
  'secret-missing',
  'value-encoded-twice',
  'value-json-in-json',
  'value-ends-in-newline',
  'quoted-text',
] as const

interface SecretPlace {
  /** As policies name it. */
  readonly path: string
  /** Whether reading it leaves nothing behind: of a KV mount. Other engines may make a credential for each read. */
  readonly isStatic: boolean
}

/** A path that may not be asked about stays as it is. Source: Vault, sys/internal/ui/mounts. */
async function findPlace({ client, token }: PathExamination, path: string): Promise<SecretPlace> {
  try {
    const answer = await client.read(`sys/internal/ui/mounts/${path}`, { token })
    const data = member(answer, 'data')
    const reported = data?.get('path')
    const mount =
      typeof reported === 'string' ? localMount(reported, path, client.namespace) : undefined
    const isVersioned = member(data, 'options')?.get('version') === '2'
    const place = mount !== undefined && isVersioned ? versionedPath(path, mount) : path
    return { path: place, isStatic: data?.get('type') === 'kv' }
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'store_refused') throw thrown
    return { path, isStatic: false }
  }
}

async function readCapabilities(
  { client, token }: PathExamination,
  places: readonly SecretPlace[],
): Promise<(path: string) => boolean> {
  if (places.length === 0) return () => true
  const paths = places.map(({ path }) => path)
  const answer = await client.write('sys/capabilities-self', new Map([['paths', paths]]), { token })
  const data = member(answer, 'data') ?? answer
  return (path) => {
    const capabilities = data.get(path)
    return Array.isArray(capabilities) && capabilities.some((word) => useful.includes(String(word)))
  }
}

async function examineContent(
  { client, token, now }: PathExamination,
  path: string,
): Promise<readonly Failure[]> {
  try {
    const store = createVaultStore(client, () => now)
    const { data } = await store.read({ kind: 'read', path, query: [] }, token)
    const inner = data?.get('data')
    const seen = inner instanceof Map ? inner : (data ?? new Map())
    return findOddities(seen).map(({ check, key }) =>
      failed(check, { subject: path, detail: `key ${key}` }),
    )
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'secret_missing') throw thrown
    const command = `vault kv put ${path.replace('/data/', '/')} KEY=VALUE`
    return [failed('secret-missing', { subject: path, detail: '', command })]
  }
}

function member(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const value: JsonValue | undefined = object?.get(name)
  return value instanceof Map ? value : undefined
}
