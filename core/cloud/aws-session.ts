/** Keys that are asked for once and used until they are about to end. */
import { JsonNumber, tryParseObject } from '../json.ts'
import { Secret } from '../secret.ts'
import type { StoreMemory } from '../stores/store.ts'
import { textMember } from './answer.ts'
import { type AwsIdentity, findAwsKeys, type TimedKeys } from './aws-keys.ts'
import type { SigningKeys } from './aws-signature.ts'
import type { CloudPorts } from './cloud-ports.ts'

export interface AwsSession {
  /** Errors: `credentials_unavailable`. */
  readonly keys: () => Promise<SigningKeys>
  /** Others than `refused`, which a service takes no longer; undefined: there are none, as with keys of the environment. */
  readonly renew: (refused: SigningKeys) => Promise<SigningKeys | undefined>
}

export interface SessionPorts extends CloudPorts {
  /** Keys lie here for all stores with the same identity, and for the agent's next process. */
  readonly memory: StoreMemory
  /** File of the authorities that `ask` goes by; undefined: Node's own. */
  readonly caPath: string | undefined
}

/** They are replaced so long before their end. Source: AWS's SDKs. */
const marginMs = 300_000

export function openAwsSession(identity: AwsIdentity, ports: SessionPorts): AwsSession {
  const { memory, now } = ports
  const name = nameIdentity(identity, ports)
  const recall = () => parseKeys(memory.recall(name))
  const lasts = (keys: TimedKeys | undefined, ms: number) => (keys?.expiresAt ?? 0) > now() + ms
  const find = async () => {
    const found = await findAwsKeys(identity, ports)
    if (found.expiresAt !== undefined) memory.remember(name, new Secret(JSON.stringify(found)))
    return found
  }
  const findOnce = () => memory.flights.keys(name, find)
  return {
    keys: async () => {
      const held = recall()
      if (held !== undefined && lasts(held, marginMs)) return held
      return findOnce().catch((thrown: unknown) => {
        if (held !== undefined && lasts(held, 0)) return held
        throw thrown
      })
    },
    renew: async (refused) => {
      const held = recall()
      const isNew = held !== undefined && lasts(held, 0) && !isSame(held, refused)
      const keys = isNew ? held : await findOnce()
      return isSame(keys, refused) ? undefined : keys
    },
  }
}

/** Whoever differs in any of it does not share keys. */
function nameIdentity(identity: AwsIdentity, { caPath }: SessionPorts): string {
  const { source, region, roleArn, sessionName, tokenPath, stsAddress, keys } = identity
  const parts = [
    source,
    region,
    roleArn,
    sessionName,
    tokenPath,
    stsAddress,
    keys?.accessKey,
    caPath,
  ]
  return `aws-keys ${JSON.stringify(parts)}`
}

function isSame(left: SigningKeys, right: SigningKeys): boolean {
  return left.accessKey === right.accessKey && left.sessionToken === right.sessionToken
}

/** What an older or damaged state has is as good as nothing. */
function parseKeys(text: Secret | undefined): TimedKeys | undefined {
  const kept = tryParseObject(text?.reveal() ?? '')
  const [accessKey, secretKey] = [textMember(kept, 'accessKey'), textMember(kept, 'secretKey')]
  const expiresAt = kept.get('expiresAt')
  if (accessKey === undefined || secretKey === undefined) return undefined
  if (!(expiresAt instanceof JsonNumber)) return undefined
  const sessionToken = textMember(kept, 'sessionToken')
  return { accessKey, secretKey, sessionToken, expiresAt: Number(expiresAt.text) }
}
