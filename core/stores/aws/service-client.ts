/** Calls of AWS's JSON services, with keys that renew themselves. */
import { createAsk } from '../../cloud/ask.ts'
import { openAwsSession } from '../../cloud/aws-session.ts'
import type { SigningKeys } from '../../cloud/aws-signature.ts'
import { AppError, type Facts } from '../../errors.ts'
import type { RawExchange } from '../../http/exchange.ts'
import { type JsonObject, type JsonValue, tryParseJson } from '../../json.ts'
import { storeError, unlessEnded } from '../read-each.ts'
import { type StoreSettings, settingOf } from '../settings/store-settings.ts'
import type { StorePorts } from '../store.ts'
import { reachStore } from '../store-exchange.ts'
import { expiryTypes, type Refused, refusal, skewTypes } from './refusal.ts'
import { createSender, type ServiceCall, type ServiceOptions } from './sender.ts'

/** The answer's members. Errors: those of `Store`. */
export type CallService = (call: ServiceCall) => Promise<JsonObject>

/** Errors: `tls_invalid`. */
export function createServiceClient(
  options: ServiceOptions,
  settings: StoreSettings,
  ports: StorePorts,
): CallService {
  const { environment, now } = ports
  const { place } = options
  const reach = reachStore(settings, ports)
  const { send, learnSkew } = createSender(options, reach, now)
  // What ends TLS on the way to the service does so on the way to STS, too.
  const ask = createAsk(environment, reach)
  const caPath = settingOf(settings, 'ca_cert')
  const session = openAwsSession(place.identity, { ...ports, ask, caPath })

  /** Each cure is tried once. */
  const attempt = async (
    call: ServiceCall,
    keys: SigningKeys,
    tried: Tried,
  ): Promise<JsonObject> => {
    const { path, region = place.region } = call
    const facts = { store: settings.name, path, region }
    const answer = await send({ ...call, region }, keys)
    if (answer.status >= 200 && answer.status <= 299) return parseAnswer(answer, facts)
    const refused = readRefusal(answer)
    const { type = '' } = refused
    if (!tried.skew && skewTypes.has(type) && learnSkew(answer)) {
      return attempt(call, keys, { ...tried, skew: true })
    }
    if (!tried.keys && expiryTypes.has(type)) {
      const renewed = await unlessEnded(() => session.renew(keys), call.signal)
      if (renewed !== undefined) return attempt(call, renewed, { ...tried, keys: true })
    }
    throw refusal(refused, facts, now())
  }

  return async (call) => {
    const where = { store: settings.name, path: call.path }
    try {
      const keys = await unlessEnded(session.keys, call.signal)
      return await attempt(call, keys, { skew: false, keys: false })
    } catch (thrown) {
      throw storeError(thrown, where)
    }
  }
}

interface Tried {
  readonly skew: boolean
  readonly keys: boolean
}

function parseAnswer({ body }: RawExchange, facts: Facts): JsonObject {
  const value = tryParseJson(body.toString('utf8'))
  if (value instanceof Map) return value
  throw new AppError('store_answer_invalid', { ...facts, reason: 'not a JSON object' })
}

/** The type stands in the body, before a gateway in a header, with a namespace before it or an address after it. */
function readRefusal({ status, headers, body }: RawExchange): Refused {
  const value = tryParseJson(body.toString('utf8'))
  const members: JsonObject = value instanceof Map ? value : new Map<string, JsonValue>()
  const named = members.get('__type') ?? members.get('code') ?? headers['x-amzn-errortype']
  const message = members.get('message') ?? members.get('Message')
  return {
    status,
    type: typeof named === 'string' ? shortType(named) : undefined,
    message: typeof message === 'string' ? message : '',
    retryAfter: headers['retry-after'],
  }
}

/** A word alone: whatever else an answer says is not shown. */
export function shortType(named: string): string | undefined {
  return /^(?:[\w.-]+#)?([A-Za-z]{1,64})(?::.*)?$/.exec(named)?.[1]
}
