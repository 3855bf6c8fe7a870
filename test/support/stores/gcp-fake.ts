/** Google Cloud Secret Manager, REST version 1, as strict as it is. */
import {
  bearerOf,
  type FakeAnswer,
  type FakeRequest,
  type FakeService,
  startFakeService,
  strangersIn,
  type TlsIdentity,
} from './fake-service.ts'
import { type Call, listSecrets, listVersions } from './gcp-fake-lists.ts'
import {
  checkLabels,
  createFakeSecrets,
  describeSecret,
  describeVersion,
  type FakeSecrets,
  type FakeVersion,
  projectNumber,
  RpcError,
  slowCrc32c,
} from './gcp-fake-secrets.ts'
import type { GoogleIdentityFake } from './google-identity-fake.ts'
import type { FaultName } from './store-peer.ts'

export const project = 'demo-project'

export interface GcpFake extends FakeService {
  readonly secrets: FakeSecrets
  readonly inject: (fault: FaultName | undefined) => void
  /** Permissions that nobody has, such as `secretmanager.versions.get`. */
  readonly forbidden: Set<string>
  /** Permissions whose quota is used up. */
  readonly exhausted: Set<string>
  /** Whose tokens came with the requests. */
  readonly holders: string[]
  /** Called before each request is answered. */
  readonly before: { hook: ((request: FakeRequest) => void) | undefined }
}

/** Source: https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto. */
const httpCodes: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
  UNAVAILABLE: 503,
}

export async function startGcpFake(
  identity: GoogleIdentityFake,
  tls?: TlsIdentity,
): Promise<GcpFake> {
  const secrets = createFakeSecrets()
  const forbidden = new Set<string>()
  const exhausted = new Set<string>()
  const before: GcpFake['before'] = { hook: undefined }
  const holders: string[] = []
  let fault: FaultName | undefined
  const service = await startFakeService(async (request) => {
    before.hook?.(request)
    const faulty = fault === undefined ? undefined : faults[fault]
    if (faulty !== undefined) return faulty
    try {
      const holder = await identity.holderOf(bearerOf(request))
      if (holder === undefined) throw new RpcError('UNAUTHENTICATED', 'no valid credentials')
      if (holder === 'developer' && request.headers['x-goog-user-project'] === undefined) {
        throw new RpcError('PERMISSION_DENIED', 'The API requires a quota project.')
      }
      holders.push(holder)
      return answerCall(request, { secrets, forbidden, exhausted })
    } catch (thrown) {
      if (thrown instanceof RpcError) return describeError(thrown)
      throw thrown
    }
  }, tls)
  return {
    ...service,
    secrets,
    forbidden,
    exhausted,
    holders,
    before,
    inject: (next) => {
      fault = next
      if (next === 'expired') identity.tokens.end()
    },
  }
}

const faults: Readonly<Partial<Record<FaultName, FakeAnswer>>> = {
  throttled: describeError(new RpcError('RESOURCE_EXHAUSTED', 'Quota exceeded')),
  'throttled-with-wait': withHeader(
    describeError(new RpcError('RESOURCE_EXHAUSTED', 'Quota')),
    '7',
  ),
  failing: describeError(new RpcError('UNAVAILABLE', 'try again')),
  denied: describeError(new RpcError('PERMISSION_DENIED', 'denied (or it may not exist)')),
  garbled: { status: 200, body: '<html>a page</html>' },
  hanging: 'hang',
  down: 'cut',
}

function withHeader(answer: FakeAnswer, seconds: string): FakeAnswer {
  return typeof answer === 'string' ? answer : { ...answer, headers: { 'retry-after': seconds } }
}

function describeError({ status, message }: RpcError): FakeAnswer {
  const code = httpCodes[status] ?? 500
  return { status: code, body: { error: { code, message, status } } }
}

const placePattern =
  /^\/v1\/projects\/([a-z0-9-]+)(\/locations\/[a-z0-9-]+)?\/secrets(?:\/([A-Za-z0-9_-]{1,255})(\/versions(?:\/([A-Za-z0-9_-]+))?)?)?(?::([a-zA-Z]+))?$/

/** `METHOD what[:verb]` → the permission, the query parameters and members of the body that it takes, and what it does. */
interface Operation {
  readonly permission: string
  readonly query: readonly string[]
  readonly members: readonly string[]
  readonly run: (call: Call, body: Readonly<Record<string, unknown>>) => object
}

const paging = ['pageSize', 'pageToken', 'filter']

/** Sent by Google's own client with nothing in them. */
const empty = ['versionAliases', 'annotations', 'tags']

const operations: Readonly<Record<string, Operation>> = {
  'GET secrets': { permission: 'secrets.list', query: paging, members: [], run: listSecrets },
  'POST secrets': {
    permission: 'secrets.create',
    query: ['secretId'],
    members: ['replication', 'labels', ...empty],
    run: ({ request, secrets, name }, body) => {
      requireEmpty(body, empty)
      const id = request.query.get('secretId') ?? ''
      if (!/^[A-Za-z0-9_-]{1,255}$/.test(id)) throw new RpcError('INVALID_ARGUMENT', 'secretId')
      return describeSecret(secrets.create(`${name}/secrets/${id}`, body))
    },
  },
  'GET secret': {
    permission: 'secrets.get',
    query: [],
    members: [],
    run: ({ secrets, name }) => describeSecret(secrets.find(name)),
  },
  'PATCH secret': {
    permission: 'secrets.update',
    query: ['updateMask'],
    members: ['name', 'etag', 'labels', ...empty],
    run: updateSecret,
  },
  'DELETE secret': {
    permission: 'secrets.delete',
    query: ['etag'],
    members: [],
    run: ({ request, secrets, name }) => {
      secrets.touch(secrets.find(name), request.query.get('etag') ?? undefined)
      secrets.all.delete(name)
      return {}
    },
  },
  'POST secret:addVersion': {
    permission: 'versions.add',
    query: [],
    members: ['payload'],
    run: ({ secrets, name }, body) => describeVersion(secrets.addVersion(name, body['payload'])),
  },
  'GET versions': { permission: 'versions.list', query: paging, members: [], run: listVersions },
  'GET version': {
    permission: 'versions.get',
    query: [],
    members: [],
    run: ({ secrets, name, version }) => describeVersion(secrets.findVersion(name, version)),
  },
  'GET version:access': { permission: 'versions.access', query: [], members: [], run: access },
  'POST version:disable': changeState('versions.disable', 'DISABLED'),
  'POST version:enable': changeState('versions.enable', 'ENABLED'),
  'POST version:destroy': changeState('versions.destroy', 'DESTROYED'),
}

function requireEmpty(body: Readonly<Record<string, unknown>>, members: readonly string[]): void {
  if (members.every((member) => Object.keys(Object(body[member])).length === 0)) return
  throw new RpcError('INVALID_ARGUMENT', 'what the fake does not keep')
}

interface Surroundings {
  readonly secrets: FakeSecrets
  readonly forbidden: ReadonlySet<string>
  readonly exhausted: ReadonlySet<string>
}

function answerCall(
  request: FakeRequest,
  { secrets, forbidden, exhausted }: Surroundings,
): FakeAnswer {
  const [, id, location = '', secret, versions, version = '', verb] =
    placePattern.exec(request.path) ?? []
  if (id === undefined) throw new RpcError('INVALID_ARGUMENT', 'no such resource')
  const kind = secret === undefined ? 'secrets' : versions === undefined ? 'secret' : 'version'
  const what = kind === 'version' && version === '' ? 'versions' : kind
  const operation = operations[`${request.method} ${what}${verb === undefined ? '' : `:${verb}`}`]
  if (operation === undefined) throw new RpcError('NOT_FOUND', 'no such method')
  if (
    ![project, projectNumber].includes(id) ||
    forbidden.has(`secretmanager.${operation.permission}`)
  ) {
    throw new RpcError('PERMISSION_DENIED', `Permission denied (or it may not exist).`)
  }
  if (exhausted.has(`secretmanager.${operation.permission}`)) {
    throw new RpcError('RESOURCE_EXHAUSTED', 'Quota exceeded')
  }
  const isNumeric = request.query.get('$alt') === 'json;enum-encoding=int'
  const unknown = strangersIn(request.query.keys(), [
    ...operation.query,
    ...(isNumeric ? ['$alt'] : []),
  ])
  if (unknown.length > 0) throw new RpcError('INVALID_ARGUMENT', `unknown ${unknown}`)
  const body: Readonly<Record<string, unknown>> =
    request.body === '' ? {} : JSON.parse(request.body)
  const strangers = strangersIn(Object.keys(body), operation.members)
  if (strangers.length > 0) throw new RpcError('INVALID_ARGUMENT', `unknown ${strangers}`)
  const parent = `projects/${projectNumber}${location}`
  const name = secret === undefined ? parent : `${parent}/secrets/${secret}`
  const answer = operation.run({ request, secrets, name, version }, body)
  return { status: 200, body: isNumeric ? numberStates(answer) : answer }
}

const numbers: Readonly<Record<string, number>> = { ENABLED: 1, DISABLED: 2, DESTROYED: 3 }

/** As whoever asks for enumerations as numbers gets them. */
function numberStates(answer: object): unknown {
  const convert = (key: string, value: unknown) =>
    key === 'state' ? (numbers[String(value)] ?? value) : value
  return JSON.parse(JSON.stringify(answer), (key, value) => convert(key, value))
}

function access({ secrets, name, version }: Call): object {
  const found = secrets.findVersion(name, version)
  if (found.state !== 'ENABLED') {
    const message = `Secret Version [${found.name}] is in ${found.state} state.`
    throw new RpcError('FAILED_PRECONDITION', message)
  }
  const data = found.bytes.toString('base64')
  return { name: found.name, payload: { data, dataCrc32c: String(slowCrc32c(found.bytes)) } }
}

function changeState(permission: string, state: FakeVersion['state']): Operation {
  return {
    permission,
    query: [],
    members: ['etag'],
    run: ({ secrets, name, version }, body) => {
      const found = secrets.findVersion(name, version)
      if (found.state === 'DESTROYED') throw new RpcError('FAILED_PRECONDITION', 'destroyed')
      secrets.touch(found, body['etag'])
      found.state = state
      if (state === 'DESTROYED') found.bytes = Buffer.alloc(0)
      return describeVersion(found)
    },
  }
}

function updateSecret(
  { request, secrets, name }: Call,
  body: Readonly<Record<string, unknown>>,
): object {
  const secret = secrets.find(name)
  const paths = request.query.get('updateMask') ?? ''
  const mask = paths.replace('version_aliases', 'versionAliases').split(',')
  if (strangersIn(mask, ['labels', 'versionAliases']).length > 0) {
    throw new RpcError('INVALID_ARGUMENT', 'updateMask')
  }
  requireEmpty(body, mask.includes('versionAliases') ? ['annotations', 'tags'] : empty)
  secrets.touch(secret, body['etag'])
  if (mask.includes('labels')) secret.labels = checkLabels(body['labels'])
  if (mask.includes('versionAliases')) {
    const aliases = Object.entries(Object(body['versionAliases']))
    secret.versionAliases = Object.fromEntries(aliases.map(([key, value]) => [key, String(value)]))
  }
  return describeSecret(secret)
}
