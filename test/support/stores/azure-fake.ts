/** Azure Key Vault's secrets, api-version 2025-07-01, as strict as it is. */
import {
  createFakeSecrets,
  type FakeSecret,
  type FakeSecrets,
  type FakeVersion,
  VaultError,
} from './azure-fake-secrets.ts'
import { type EntraFake, tenant } from './entra-fake.ts'
import {
  bearerOf,
  type FakeAnswer,
  type FakeRequest,
  type FakeService,
  startFakeService,
  strangersIn,
  type TlsIdentity,
} from './fake-service.ts'
import type { FaultName } from './store-peer.ts'

export interface AzureFake extends FakeService {
  readonly secrets: FakeSecrets
  readonly inject: (fault: FaultName | undefined) => void
  /** Permissions that nobody has, such as `list`. */
  readonly forbidden: Set<string>
  /** `lag`: for how many requests a secret that is deleted or restored is nowhere. `resource`: what the challenge names. */
  readonly settings: { lag: number; resource: string; authority: string }
}

export async function startAzureFake(entra: EntraFake, tls?: TlsIdentity): Promise<AzureFake> {
  const settings = { lag: 0, resource: '', authority: entra.address }
  const secrets = createFakeSecrets(() => settings.lag)
  const forbidden = new Set<string>()
  let fault: FaultName | undefined
  const service: FakeService = await startFakeService(async (request) => {
    const faulty = fault === undefined ? undefined : faults[fault]
    if (faulty !== undefined) return faulty
    if (entra.tokens.holderOf(bearerOf(request), ownResource) === undefined) {
      return challenge(settings.authority, settings.resource)
    }
    try {
      return answerCall(request, { secrets, forbidden, address: service.address })
    } catch (thrown) {
      if (thrown instanceof VaultError) return describeError(thrown)
      throw thrown
    }
  }, tls)
  const ownResource = service.address.replace(/:\d+$/, '')
  settings.resource = ownResource
  entra.serve(ownResource)
  return {
    ...service,
    secrets,
    forbidden,
    settings,
    inject: (next) => {
      fault = next
      if (next === 'expired') entra.tokens.end()
    },
  }
}

const throttled = describeError(new VaultError(429, 'Throttled'))

const faults: Readonly<Partial<Record<FaultName, FakeAnswer>>> = {
  throttled,
  'throttled-with-wait':
    typeof throttled === 'string' ? throttled : { ...throttled, headers: { 'retry-after': '7' } },
  failing: describeError(new VaultError(503, 'ServiceUnavailable')),
  denied: describeError(new VaultError(403, 'Forbidden', 'ForbiddenByRbac')),
  garbled: { status: 200, body: '<html>a page</html>' },
  hanging: 'hang',
  down: 'cut',
}

function describeError({ status, code, inner }: VaultError): FakeAnswer {
  const innererror = inner === undefined ? {} : { innererror: { code: inner } }
  return { status, body: { error: { code, message: 'a message', ...innererror } } }
}

/** Source: https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses. */
function challenge(authority: string, resource: string): FakeAnswer {
  const header = `Bearer authorization="${authority}/${tenant}", resource="${resource}"`
  const body = { error: { code: 'Unauthorized', message: 'AKV10000: a token is needed' } }
  return { status: 401, body, headers: { 'www-authenticate': header } }
}

interface Call {
  readonly request: FakeRequest
  readonly secrets: FakeSecrets
  readonly address: string
  readonly name: string
  readonly version: string
}

interface Operation {
  readonly permission: string
  readonly query: readonly string[]
  readonly members: readonly string[]
  readonly run: (call: Call, body: Readonly<Record<string, unknown>>) => FakeAnswer
}

const written = ['value', 'contentType', 'tags', 'attributes']
const paging = ['maxresults', '$skiptoken']

const operations: Readonly<Record<string, Operation>> = {
  'GET secrets': {
    permission: 'list',
    query: paging,
    members: [],
    run: (call) => listLive(call),
  },
  'PUT secrets/NAME': {
    permission: 'set',
    query: [],
    members: written,
    run: (call, body) => ok(describe(call, call.secrets.set(call.name, body))),
  },
  'GET secrets/NAME': { permission: 'get', query: ['outContentType'], members: [], run: read },
  'PATCH secrets/NAME': {
    permission: 'set',
    query: [],
    members: ['contentType', 'tags', 'attributes'],
    run: (call, body) => {
      const version = call.secrets.findVersion(call.name, call.version)
      call.secrets.update(version, body)
      const { value: _, ...rest } = describe(call, version)
      return ok(rest)
    },
  },
  'DELETE secrets/NAME': {
    permission: 'delete',
    query: [],
    members: [],
    run: (call) => ok(describeDeleted(call, call.secrets.remove(call.name))),
  },
  'GET secrets/NAME/versions': {
    permission: 'list',
    query: paging,
    members: [],
    run: (call) => {
      const { versions } = call.secrets.find(call.name)
      const inNoOrder = versions.toSorted((left, right) => (left.version < right.version ? -1 : 1))
      return page(
        call,
        inNoOrder.map((version) => describeItem(call, version, version.version)),
      )
    },
  },
  'GET deletedsecrets/NAME': {
    permission: 'get',
    query: [],
    members: [],
    run: (call) => ok(describeDeleted(call, call.secrets.findDeleted(call.name))),
  },
  'DELETE deletedsecrets/NAME': {
    permission: 'purge',
    query: [],
    members: [],
    run: (call) => {
      call.secrets.purge(call.name)
      return { status: 204 }
    },
  },
  'POST deletedsecrets/NAME/recover': {
    permission: 'recover',
    query: [],
    members: [],
    run: (call) => {
      const { versions } = call.secrets.recover(call.name)
      const { value: _, ...rest } = describe(call, lastOf(versions))
      return ok(rest)
    },
  },
}

interface Surroundings {
  readonly secrets: FakeSecrets
  readonly forbidden: ReadonlySet<string>
  readonly address: string
}

function answerCall(
  request: FakeRequest,
  { secrets, forbidden, address }: Surroundings,
): FakeAnswer {
  const [, kind = '', name = '', rest = ''] =
    /^\/(secrets|deletedsecrets)(?:\/([^/]+))?(?:\/([^/]*))?$/.exec(request.path) ?? []
  const isVersion = /^(?:|[0-9a-f]{32})$/.test(rest)
  const what = [kind, name === '' ? '' : '/NAME', isVersion ? '' : `/${rest}`].join('')
  const operation = operations[`${request.method} ${what}`]
  if (operation === undefined || (name !== '' && !/^[0-9A-Za-z-]{1,127}$/.test(name))) {
    throw new VaultError(400, 'BadParameter')
  }
  if (forbidden.has(operation.permission)) {
    throw new VaultError(403, 'Forbidden', 'AccessDenied')
  }
  if (request.query.get('api-version') !== '2025-07-01') throw new VaultError(400, 'BadParameter')
  const unknown = strangersIn(request.query.keys(), ['api-version', ...operation.query])
  const body: Readonly<Record<string, unknown>> =
    request.body === '' ? {} : JSON.parse(request.body)
  const strangers = strangersIn(Object.keys(body), operation.members)
  if (unknown.length + strangers.length > 0) throw new VaultError(400, 'BadParameter')
  const version = isVersion ? rest : ''
  return operation.run({ request, secrets, address, name, version }, body)
}

function ok(body: object): FakeAnswer {
  return { status: 200, body }
}

function read(call: Call): FakeAnswer {
  const version = call.secrets.findVersion(call.name, call.version)
  if (!version.attributes.enabled) throw new VaultError(403, 'Forbidden', 'SecretDisabled')
  return ok(describe(call, version))
}

function describe({ address, secrets, name }: Call, version: FakeVersion) {
  const own = secrets.all.get(name.toLowerCase())?.name ?? name
  const { value, contentType, tags } = version
  const attributes = {
    ...version.attributes,
    recoveryLevel: 'Recoverable+Purgeable',
    recoverableDays: 90,
  }
  return {
    value,
    id: `${address}/secrets/${own}/${version.version}`,
    attributes,
    ...(contentType === undefined ? {} : { contentType }),
    ...(tags === undefined ? {} : { tags }),
  }
}

function describeItem(call: Call, version: FakeVersion, place: string | undefined): object {
  const { value: _, id, ...rest } = describe(call, version)
  return { ...rest, id: place === undefined ? id.slice(0, id.lastIndexOf('/')) : id }
}

function describeDeleted(call: Call, { name, versions, deletedAt = 0 }: FakeSecret): object {
  const { value: _, ...rest } = describe(call, lastOf(versions))
  return {
    ...rest,
    recoveryId: `${call.address}/deletedsecrets/${name}`,
    deletedDate: deletedAt,
    scheduledPurgeDate: deletedAt + 90 * 86_400,
  }
}

function lastOf(versions: readonly FakeVersion[]): FakeVersion {
  const last = versions.at(-1)
  if (last === undefined) throw new VaultError(404, 'SecretNotFound')
  return last
}

function listLive(call: Call): FakeAnswer {
  const live = [...call.secrets.all.values()].filter(({ deletedAt }) => deletedAt === undefined)
  const sorted = live.toSorted((left, right) => (left.name < right.name ? -1 : 1))
  const describeSecret = ({ name, versions }: FakeSecret) =>
    describeItem({ ...call, name }, lastOf(versions), undefined)
  return page(call, sorted.map(describeSecret))
}

/** A page may hold less than was asked for, so that few secrets already take several. */
const longestPage = 3

function page({ request, address }: Call, items: readonly object[]): FakeAnswer {
  const { query, path } = request
  const size = Number(query.get('maxresults') ?? '25')
  if (!Number.isInteger(size) || size < 1 || size > 25) throw new VaultError(400, 'BadParameter')
  const from = Number(query.get('$skiptoken') ?? '0')
  const to = from + Math.min(size, longestPage)
  const next = new URLSearchParams({
    'api-version': '2025-07-01',
    $skiptoken: String(to),
    maxresults: String(size),
  })
  const nextLink = to < items.length ? `${address}${path}?${next}` : null
  return ok({ value: items.slice(from, to), nextLink })
}
