/** Secrets Manager, Parameter Store, STS and EKS Pod Identity on loopback: as strict as AWS, and faulty when it is told to be. */
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import {
  askInstance,
  askPodIdentity,
  assumeRole,
  createFakeCluster,
  type FakeCluster,
} from './aws-fake-identity.ts'
import { AwsError, Input, type Service } from './aws-fake-operation.ts'
import { createFakeParameters, type FakeParameters } from './aws-fake-parameters.ts'
import { account } from './aws-fake-secret.ts'
import { createFakeSecrets, type FakeSecrets } from './aws-fake-secrets.ts'
import { type FakeKeys, verifySignature } from './aws-fake-signature.ts'
import type { TlsIdentity } from './fake-service.ts'
import type { FaultName } from './store-peer.ts'

export interface SeenCall {
  /** `sts`, `pod-identity` and `instance METHOD` for requests that are no operation of a service. */
  readonly operation: string
  readonly region: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface AwsFake {
  /** `http://127.0.0.1:PORT`; a region may follow as the path. */
  readonly address: string
  readonly cluster: FakeCluster
  readonly secrets: FakeSecrets
  readonly parameters: FakeParameters
  readonly calls: readonly SeenCall[]
  /** `calls` begins anew. */
  readonly clear: () => void
  readonly keys: Map<string, FakeKeys>
  /** Of operations of the services, in one region or in all. */
  readonly inject: (fault: FaultName | undefined, region?: string) => void
  /** An operation that no policy allows. */
  readonly deny: (operation: string) => void
  /** Added to the service's clock, milliseconds. */
  readonly skewBy: (ms: number) => void
  readonly close: () => Promise<void>
}

export const staticKeys = { accessKey: 'AKIATEST', secretKey: 'static-secret-key' } as const

export interface AwsFakeOptions {
  /** Whose tokens STS takes. Default: a cluster of its own. */
  readonly cluster?: Pick<FakeCluster, 'publicKey' | 'issuer'>
  readonly tls?: TlsIdentity
}

export async function startAwsFake({
  cluster: trusted,
  tls,
}: AwsFakeOptions = {}): Promise<AwsFake> {
  const cluster = { ...(await createFakeCluster()), ...trusted }
  const secrets = createFakeSecrets()
  const parameters = createFakeParameters()
  const calls: SeenCall[] = []
  const keys = new Map<string, FakeKeys>([
    [staticKeys.accessKey, { ...staticKeys, sessionToken: undefined, expiresAt: undefined }],
  ])
  const denied = new Set<string>()
  let skewMs = 0
  let fault: { readonly name: FaultName; readonly region: string | undefined } | undefined
  const now = () => Date.now() + skewMs
  const identity = { cluster, keys, now }

  const answerOperation = async (incoming: IncomingMessage, body: string): Promise<Answer> => {
    const { headers, url: path = '/' } = incoming
    const target = String(headers['x-amz-target'])
    const [prefix = '', operation = ''] = target.split('.')
    const served = services(secrets, parameters).get(prefix)
    calls.push({ operation, region: regionOf(headers.authorization), headers, body })
    const { region, service } = await verifySignature({ headers, path, body }, keys, now())
    const regionOfPath = /^\/([a-z0-9-]+)$/.exec(path)?.[1]
    if (served?.scope !== service || (regionOfPath ?? region) !== region) {
      const message = 'Credential should be scoped to a valid region.'
      throw new AwsError('InvalidSignatureException', message)
    }
    const faulty =
      fault !== undefined && (fault.region ?? region) === region ? fault.name : undefined
    if (faulty !== undefined) return answerFault(faulty, `${service}:${operation}`)
    if (denied.has(operation)) throw denial(`${service}:${operation}`)
    const members = served.members[operation]
    const run = served.service[operation]
    if (members === undefined || run === undefined) {
      throw new AwsError('UnknownOperationException', 'No such operation.')
    }
    return {
      status: 200,
      body: JSON.stringify(run(new Input(body, members), { region, now: now() })),
    }
  }

  const answer = async (incoming: IncomingMessage): Promise<Answer> => {
    const body = await readBody(incoming)
    const { method, headers, url = '/' } = incoming
    const seen = { region: '', headers, body }
    if (method === 'GET' && url === '/v1/credentials') {
      calls.push({ ...seen, operation: 'pod-identity' })
      return askPodIdentity(headers.authorization ?? '', identity)
    }
    if (url.startsWith('/latest/')) {
      calls.push({ ...seen, operation: `instance ${method}` })
      return askInstance(url, headers['x-aws-ec2-metadata-token'], identity)
    }
    const [isSts, region = ''] = /^\/sts(?:\/([a-z0-9-]+))?$/.exec(url) ?? []
    if (method === 'POST' && isSts !== undefined) {
      calls.push({ ...seen, operation: 'sts', region })
      if (fault !== undefined && fault.region === region) return answerFault(fault.name, 'sts')
      return assumeRole(body, identity)
    }
    if (method !== 'POST' || headers['content-type'] !== 'application/x-amz-json-1.1') {
      throw new AwsError('UnknownOperationException', 'Not the JSON protocol.', 404)
    }
    return answerOperation(incoming, body)
  }

  const listener: RequestListener = (incoming, response) => {
    answer(incoming)
      .catch(answerError)
      .then((given) => send(response, given, now()))
  }
  const server = tls === undefined ? createServer(listener) : createTlsServer({ ...tls }, listener)
  const host = tls?.host ?? '127.0.0.1'
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `${tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    cluster,
    secrets,
    parameters,
    calls,
    clear: () => {
      calls.length = 0
    },
    keys,
    inject: (name, region) => {
      fault = name === undefined || name === 'expired' ? undefined : { name, region }
      const isOver = ({ sessionToken }: FakeKeys) =>
        name === 'expired' && sessionToken !== undefined
      for (const each of keys.values()) if (isOver(each)) each.expiresAt = 0
    },
    deny: (operation) => denied.add(operation),
    skewBy: (ms) => {
      skewMs = ms
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Answer =
  | { readonly status: number; readonly body: string; readonly headers?: OutgoingHttpHeaders }
  | 'hang'
  | 'reset'

interface Served {
  /** What the service is called in signatures and actions. */
  readonly scope: string
  readonly service: Service
  readonly members: Readonly<Record<string, readonly string[]>>
}

/** As the signature says, whether it is good or not. */
function regionOf(authorization = ''): string {
  return /Credential=[^/]+\/\d+\/([^/]+)\//.exec(authorization)?.[1] ?? ''
}

function services(secrets: FakeSecrets, parameters: FakeParameters): ReadonlyMap<string, Served> {
  return new Map([
    ['secretsmanager', { scope: 'secretsmanager', ...secrets }],
    ['AmazonSSM', { scope: 'ssm', ...parameters }],
  ])
}

function answerFault(fault: FaultName, action: string): Answer {
  const throttled = new AwsError('ThrottlingException', 'Rate exceeded')
  switch (fault) {
    case 'throttled':
      throw throttled
    case 'throttled-with-wait':
      return { ...errorAnswer(throttled), status: 429, headers: { 'retry-after': '7' } }
    case 'failing':
      throw new AwsError('InternalServiceError', 'An error occurred on the server side.', 500)
    case 'denied':
      throw denial(action)
    case 'garbled':
      return { status: 200, body: '<html>Welcome</html>' }
    case 'hanging':
      return 'hang'
    case 'down':
    case 'expired':
      return 'reset'
  }
}

function denial(action: string): AwsError {
  const principal = `arn:aws:sts::${account}:assumed-role/app/session`
  const message = `User: ${principal} is not authorized to perform: ${action} on resource: * because no identity-based policy allows the ${action} action`
  return new AwsError('AccessDeniedException', message)
}

function answerError(thrown: unknown): Answer {
  if (thrown instanceof AwsError) return errorAnswer(thrown)
  throw thrown
}

function errorAnswer({ type, message, status }: AwsError) {
  const body = JSON.stringify({ __type: `com.amazonaws.fake#${type}`, message })
  return { status, body, headers: {} }
}

function send(response: ServerResponse, answer: Answer, now: number): void {
  if (answer === 'hang') return
  if (answer === 'reset') {
    response.destroy()
    return
  }
  const { status, body, headers = {} } = answer
  response.writeHead(status, { date: new Date(now).toUTCString(), ...headers })
  response.end(body)
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of incoming.setEncoding('utf8')) body += chunk
  return body
}
