/** Deletion, which can be undone for a while, and the ends of it. */
import { systemClock } from '../../clock.ts'
import type { Facts } from '../../errors.ts'
import { type BearerAnswer, isGood } from '../bearer-client.ts'
import type { DeleteOptions } from '../store.ts'
import type { Vault, VaultCall } from './api.ts'
import { describeRefusal, isOnItsWay } from './refusal.ts'
import { toVaultName } from './secret-bundle.ts'

export interface Target {
  readonly path: string
  readonly store: string
  readonly signal: AbortSignal | undefined
}

/** For good: the deleted secret is purged as well, one that was deleted before too. */
export async function deleteSecret(
  vault: Vault,
  { isFinal }: DeleteOptions,
  { path, store, signal }: Target,
): Promise<void> {
  const name = toVaultName(path, store)
  const facts = { store, path }
  const call = {
    method: 'DELETE',
    resource: `/secrets/${name}`,
    permission: 'delete',
    facts,
  } as const
  const deleted = await vault.send(call, signal)
  const isGone = deleted.status === 404
  if (!isGood(deleted) && !(isGone && isFinal)) throw describeRefusal(deleted, 'delete', facts)
  // A vault may be so old that it keeps nothing.
  if (!isFinal || (!isGone && deleted.body?.has('recoveryId') !== true)) return
  const purge = {
    ...call,
    resource: `/deletedsecrets/${name}`,
    permission: 'purge',
  } as const
  const mayCome = (answer: BearerAnswer) => isOnItsWay(answer) || (answer.status === 404 && !isGone)
  await repeat(vault, purge, { facts, signal, mayCome })
}

/** Ends when the secret can be read again. */
export async function restoreSecret(vault: Vault, { path, store, signal }: Target): Promise<void> {
  const name = toVaultName(path, store)
  const facts = { store, path }
  const recover = {
    method: 'POST',
    resource: `/deletedsecrets/${name}/recover`,
    permission: 'recover',
    facts,
  } as const
  await repeat(vault, recover, { facts, signal, mayCome: isOnItsWay })
  const look = { method: 'GET', resource: `/secrets/${name}`, permission: 'get', facts } as const
  // Whoever may restore may not be allowed to read.
  const mayCome = ({ status }: BearerAnswer) => status === 404 || status === 409
  await repeat(vault, look, { facts, signal, mayCome, isEnough: ({ status }) => status === 403 })
}

interface Repetition {
  readonly facts: Facts
  readonly signal: AbortSignal | undefined
  /** Whether a later answer may be a good one. */
  readonly mayCome: (answer: BearerAnswer) => boolean
  readonly isEnough?: (answer: BearerAnswer) => boolean
}

/** Milliseconds; Azure takes seconds to move a secret. */
const pauses = [250, 500, ...Array.from({ length: 30 }, () => 2000)]

async function repeat(vault: Vault, call: VaultCall, repetition: Repetition): Promise<void> {
  const { facts, signal, mayCome, isEnough = () => false } = repetition
  let answer = await vault.send(call, signal)
  for (const pause of pauses) {
    if (isGood(answer) || isEnough(answer)) return
    if (!mayCome(answer)) break
    await systemClock.sleep(pause, signal)
    answer = await vault.send(call, signal)
  }
  if (!isGood(answer)) throw describeRefusal(answer, call.permission, facts)
}
