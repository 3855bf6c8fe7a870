/** Labels of a secret that is there. */
import type { JsonValue } from '../../json.ts'
import { isGood } from '../bearer-client.ts'
import type { SecretManager } from './api.ts'
import { describeRefusal, statusName } from './refusal.ts'

export interface Labelling {
  readonly name: string
  readonly tags: ReadonlyMap<string, string>
  readonly path: string
  readonly store: string
}

/** The etag keeps what somebody else changed in the meantime; then it is tried once more. Errors have `made`, since the version is there. */
export async function addLabels(
  manager: SecretManager,
  { name, tags, path, store }: Labelling,
  signal: AbortSignal | undefined,
): Promise<void> {
  const facts = { store, path, made: true }
  const common = { resource: name, need: 'manage', facts } as const
  const attempt = async () => {
    const secret = await manager.call({ ...common, method: 'GET' }, signal)
    const current = secret.get('labels')
    const labels = new Map([...(current instanceof Map ? current : []), ...tags])
    const body = new Map<string, JsonValue>([
      ['name', secret.get('name') ?? name],
      ['etag', secret.get('etag') ?? ''],
      ['labels', labels],
    ])
    const query = { updateMask: 'labels' }
    return manager.send({ ...common, method: 'PATCH', query, body }, signal)
  }
  const first = await attempt()
  const answer = statusName(first) === 'FAILED_PRECONDITION' ? await attempt() : first
  if (!isGood(answer)) throw describeRefusal(answer, 'manage', facts)
}
