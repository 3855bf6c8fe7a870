/** Commands in containers and connections to pods, through the API server. */
import { once } from 'node:events'
import { Duplex, PassThrough } from 'node:stream'
import type { KubeConfig, V1Status } from '@kubernetes/client-node'
import { AppError, toAppError } from '../../core/errors.ts'
import type { CommandResult, PodCommand, PodPort } from './cluster.ts'
import { Exec, PortForward } from './kubernetes-client.ts'
import { describeOperation, describeUnreachable } from './refusal.ts'

const outputLimit = 4 * 2 ** 20
const connectMs = 5000

/** Throws `kubernetes_refused` with `cause: ETIMEDOUT` when it takes too long. */
export async function runInPod(config: KubeConfig, asked: PodCommand): Promise<CommandResult> {
  const { namespace, pod, container, command, deadlineMs } = asked
  const output = new PassThrough()
  const chunks: Buffer[] = []
  let length = 0
  output.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length <= outputLimit) chunks.push(chunk)
  })
  const ending = new Promise<V1Status>((resolve, reject) => {
    const done = (status: V1Status) => resolve(status)
    new Exec(config)
      .exec(namespace, pod, container, [...command], output, null, null, false, done)
      .then((socket) => {
        const close = () => reject(new AppError('kubernetes_refused', { cause: 'closed' }))
        socket.onclose = close
        timeout.signal.addEventListener('abort', () => socket.terminate())
      }, reject)
  })
  const timeout = startTimeout(deadlineMs)
  const place = { namespace, name: pod, subresource: 'exec' }
  try {
    const status = await Promise.race([ending, timeout.passed])
    return { exitCode: exitCodeOf(status), stdout: Buffer.concat(chunks).toString('utf8') }
  } catch (thrown) {
    const operation = describeOperation({ verb: 'create', resource: 'pods', ...place })
    throw describeStreamFailure(thrown, operation)
  } finally {
    timeout.stop()
  }
}

/** Source: Kubernetes, the v4 protocol of remote commands; undefined where nothing was run. */
function exitCodeOf({ status, reason, details }: V1Status): number | undefined {
  if (status === 'Success') return 0
  if (reason !== 'NonZeroExitCode') return undefined
  const code = details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message
  return code === undefined ? undefined : Number(code)
}

/** What is written goes to the pod, what is read comes from there. */
export async function connectToPod(config: KubeConfig, asked: PodPort): Promise<Duplex> {
  const { namespace, pod, port } = asked
  const [out, into] = [new PassThrough(), new PassThrough()]
  const complaints = new PassThrough().resume()
  const timeout = startTimeout(connectMs)
  const forward = new PortForward(config, true)
  const opening = forward.portForward(namespace, pod, [port], into, complaints, out)
  try {
    const socket = await Promise.race([opening, timeout.passed])
    if (!('terminate' in socket)) throw new Error('no connection')
    socket.onclose = () => into.end()
    const connection = Duplex.from({ readable: into, writable: out })
    connection.once('close', () => socket.terminate())
    return connection
  } catch (thrown) {
    const place = { namespace, name: pod, subresource: 'portforward' }
    const operation = describeOperation({ verb: 'create', resource: 'pods', ...place })
    throw describeStreamFailure(thrown, operation)
  } finally {
    timeout.stop()
  }
}

/** The library for web sockets tells the status of a refusal in its message alone. */
function describeStreamFailure(thrown: unknown, operation: string): AppError {
  if (thrown instanceof AppError) {
    return new AppError(thrown.code, { operation, ...thrown.facts }, { cause: thrown })
  }
  const message = String(Reflect.get(Object(thrown), 'message'))
  const [, status] = /Unexpected server response: (\d{3})/.exec(message) ?? []
  if (status !== undefined) {
    return new AppError('kubernetes_refused', { operation, status: Number(status) })
  }
  const failure = describeUnreachable(thrown, 'the API server')
  return toAppError(failure, 'kubernetes_unreachable')
}

interface Timeout {
  readonly passed: Promise<never>
  readonly signal: AbortSignal
  readonly stop: () => void
}

function startTimeout(ms: number): Timeout {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), ms)
  const passed = once(controller.signal, 'abort').then((): never => {
    throw new AppError('kubernetes_refused', { cause: 'ETIMEDOUT' })
  })
  passed.catch(() => undefined)
  return { passed, signal: controller.signal, stop: () => clearTimeout(timer) }
}
