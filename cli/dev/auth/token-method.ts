/** The token auth method, mounted at auth/token. */
import type { Clock } from '../../../core/clock.ts'
import type { Backend, BackendCall } from '../backend.ts'
import {
  answer,
  type DevAnswer,
  failure,
  noContent,
  type Operation,
  unsupportedOperation,
  unsupportedPath,
} from '../exchange.ts'
import { type FieldTable, readFields, readSeconds } from '../fields.ts'
import { numberMember, textMember, textsMember } from '../json.ts'
import { describeAuth, describeToken } from '../token-answers.ts'
import { remainingTtl, type Token, type Tokens } from '../tokens.ts'
import { withDefault } from './roles.ts'

interface TokenCall {
  readonly call: BackendCall
  /** The caller's. */
  readonly token: Token
  readonly tokens: Tokens
  readonly now: number
}

interface Verb {
  readonly operation: Operation
  readonly run: (call: TokenCall) => DevAnswer
}

const createFields: FieldTable = {
  display_name: 'text',
  explicit_max_ttl: 'seconds',
  no_default_policy: 'boolean',
  no_parent: 'boolean',
  period: 'seconds',
  policies: 'texts',
  renewable: 'boolean',
  ttl: 'seconds',
}

const verbs = new Map<string, Verb>([
  ['create', { operation: 'update', run: create }],
  ['lookup-self', { operation: 'read', run: lookUp }],
  ['renew-self', { operation: 'update', run: renew }],
  ['revoke', { operation: 'update', run: revoke }],
  ['revoke-self', { operation: 'update', run: revokeSelf }],
  ['revoke-accessor', { operation: 'update', run: revokeAccessor }],
])

export function createTokenMethod(tokens: Tokens, clock: Clock): Backend {
  return {
    handle: (call) => {
      const verb = verbs.get(call.path)
      if (verb === undefined) return unsupportedPath
      if (verb.operation !== call.operation || call.token === undefined) return unsupportedOperation
      return verb.run({ call, token: call.token, tokens, now: clock.now() })
    },
  }
}

function create({ call, token: parent, tokens }: TokenCall): DevAnswer {
  const body = new Map([['renewable', true], ...call.body])
  const fields = readFields(createFields, body)
  const asked = textsMember(fields, 'policies')
  if (asked.includes('root')) return failure(400, 'the development store has one root token only')
  const token = tokens.create({
    displayName: ['token', textMember(fields, 'display_name')]
      .filter((part) => part !== '')
      .join('-'),
    path: 'auth/token/create',
    policies: withDefault(asked, fields.get('no_default_policy') !== true),
    ttl: numberMember(fields, 'ttl'),
    maxTtl: 0,
    explicitMaxTtl: numberMember(fields, 'explicit_max_ttl'),
    period: numberMember(fields, 'period'),
    renewable: fields.get('renewable') === true,
    ...(fields.get('no_parent') === true ? {} : { parent: parent.id }),
  })
  return answer({ auth: describeAuth(token, token.term?.ttl ?? 0), mountType: 'token' })
}

function lookUp({ token, now }: TokenCall): DevAnswer {
  return answer({ data: describeToken(token, now), mountType: 'token' })
}

function renew({ call, token, tokens, now }: TokenCall): DevAnswer {
  const increment = readSeconds(call.body.get('increment'), 'increment')
  const renewal = tokens.renew(token, increment)
  const auth = describeAuth(renewal.token, remainingTtl(renewal.token, now))
  const { warnings } = renewal
  return answer({ auth, mountType: 'token', ...(warnings.length === 0 ? {} : { warnings }) })
}

/** Of a token that is not there too: it cannot be used any more, which is what was asked. */
function revoke({ call, tokens }: TokenCall): DevAnswer {
  const id = textMember(call.body, 'token')
  if (id === '') return failure(400, 'missing token ID')
  tokens.revoke(id)
  return noContent
}

function revokeSelf({ token, tokens }: TokenCall): DevAnswer {
  tokens.revoke(token.id)
  return noContent
}

function revokeAccessor({ call, tokens }: TokenCall): DevAnswer {
  const found = tokens.findByAccessor(textMember(call.body, 'accessor'))
  if (found === undefined) return failure(400, 'invalid accessor')
  tokens.revoke(found.id)
  return noContent
}
