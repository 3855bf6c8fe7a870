/** Writes of Secrets Manager: new versions, new secrets with their rotation, deletions and their undoing. */
import { randomUUID } from 'node:crypto'
import type { Environment } from '../../environment.ts'
import { AppError } from '../../errors.ts'
import { mergeMembers, textOf } from '../merged-members.ts'
import type { StorePlace } from '../read-each.ts'
import {
  flagOf,
  listOf,
  pairsOf,
  type StoreSettings,
  settingOf,
} from '../settings/store-settings.ts'
import type { DeleteOptions, RotateOptions, Store, StoreWrite } from '../store.ts'
import { textIn } from './answer.ts'
import { readCurrent } from './current-bytes.ts'
import type { Rotation } from './rotation.ts'
import { regionOfSecret } from './secret-name.ts'
import type { CallService } from './service-client.ts'

export interface SecretWriter {
  readonly write: (write: StoreWrite, signal?: AbortSignal) => Promise<string | undefined>
  readonly delete: (path: string, options: DeleteOptions, signal?: AbortSignal) => Promise<void>
  readonly restore: (path: string, signal?: AbortSignal) => Promise<void>
  readonly rotate: (path: string, options: RotateOptions, signal?: AbortSignal) => Promise<void>
}

export interface WriterOptions {
  readonly settings: StoreSettings
  readonly environment: Environment
  readonly call: CallService
  /** Of what is made; undefined: none. */
  readonly rotation: Rotation | undefined
  readonly read: Store['read']
}

/** Source: the Secrets Manager quotas. */
const largestBytes = 65_536

export function createSecretWriter(options: WriterOptions): SecretWriter {
  const { settings, call, read, rotation } = options
  const store = settings.name
  const callFor = async (operation: string, path: string, rest: Call = {}) => {
    const region = regionOfSecret(path, store)
    const input = { SecretId: path, ...rest.input }
    return call({ operation, input, path, region, signal: rest.signal })
  }

  const put = async (path: string, payload: Payload, signal?: AbortSignal) => {
    const answer = await callFor('PutSecretValue', path, { input: payload, signal })
    return textIn(answer, 'VersionId')
  }

  return {
    write: async ({ path, content, tags }, signal) => {
      const isArn = regionOfSecret(path, store) !== undefined
      const bytes =
        content.kind === 'whole'
          ? content.bytes
          : mergeMembers(await readCurrent(read, path, signal), content.members, { store, path })
      const payload = payloadOf(bytes, { store, path })
      try {
        return await put(path, payload, signal)
      } catch (thrown) {
        if (isArn || !isReason(thrown, 'ResourceNotFoundException')) throw thrown
      }
      try {
        return await createSecret(options, { path, payload, tags }, signal)
      } catch (thrown) {
        // Somebody else made it just now.
        if (!isReason(thrown, 'ResourceExistsException')) throw thrown
        return await put(path, payload, signal)
      }
    },
    delete: async (path, { isFinal, recoveryDays }, signal) => {
      // A final deletion of what never was is no error of AWS's.
      if (isFinal) await callFor('DescribeSecret', path, { signal })
      const days = recoveryDays ?? Number(settingOf(settings, 'recovery_days') ?? 30)
      if (!isFinal && !(days >= 7 && days <= 30)) {
        throw new AppError('input_invalid', { store, path, reason: 'recovery takes 7 to 30 days' })
      }
      const input = isFinal ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: days }
      await callFor('DeleteSecret', path, { input, signal })
    },
    restore: async (path, signal) => {
      await callFor('RestoreSecret', path, { signal })
    },
    rotate: async (path, { isImmediate, days }, signal) => {
      if (days !== undefined && days > 1000) {
        throw new AppError('input_invalid', {
          store,
          path,
          reason: 'rotation takes 1 to 1000 days',
        })
      }
      const input = {
        ClientRequestToken: randomUUID(),
        ...(rotation === undefined ? {} : { RotationLambdaARN: rotation.lambda }),
        ...(days === undefined ? {} : { RotationRules: { AutomaticallyAfterDays: days } }),
        RotateImmediately: isImmediate,
      }
      await callFor('RotateSecret', path, { input, signal })
    },
  }
}

interface Call {
  readonly input?: Readonly<Record<string, unknown>>
  readonly signal?: AbortSignal | undefined
}

type Payload = Readonly<Record<string, string>>

function payloadOf(bytes: Uint8Array, facts: StorePlace): Payload {
  if (bytes.length === 0 || bytes.length > largestBytes) {
    throw new AppError('input_invalid', { ...facts, reason: 'a secret has 1 to 65536 bytes' })
  }
  // The call is the same one, however often it is sent.
  const ClientRequestToken = randomUUID()
  const text = textOf(bytes)
  return text === undefined
    ? { ClientRequestToken, SecretBinary: Buffer.from(bytes).toString('base64') }
    : { ClientRequestToken, SecretString: text }
}

interface NewSecret {
  readonly path: string
  readonly payload: Payload
  readonly tags: ReadonlyMap<string, string> | undefined
}

async function createSecret(
  { settings, environment, call, rotation }: WriterOptions,
  { path, payload, tags = new Map() }: NewSecret,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const key = settingOf(settings, 'kms_key_id', environment)
  const all = new Map([...pairsOf(settings, 'tags', environment), ...tags])
  const replicas = flagOf(settings, 'replicate') ? listOf(settings, 'replica_regions') : []
  const input = {
    Name: path,
    ...payload,
    ...(key === undefined ? {} : { KmsKeyId: key }),
    ...(replicas.length === 0 ? {} : { AddReplicaRegions: replicas.map((Region) => ({ Region })) }),
    ...(all.size === 0 ? {} : { Tags: Array.from(all, ([Key, Value]) => ({ Key, Value })) }),
  }
  const answer = await call({ operation: 'CreateSecret', input, path, signal })
  if (rotation !== undefined) await rotation.setUp({ path, call, signal })
  return textIn(answer, 'VersionId')
}

function isReason(thrown: unknown, reason: string): boolean {
  return thrown instanceof AppError && thrown.facts['reason'] === reason
}
