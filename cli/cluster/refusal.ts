/** What the API server refuses, in words that say what is missing. */
import { AppError, type Facts, systemCode } from '../../core/errors.ts'
import { nameResource, type Place, type Resource } from './resources.ts'

export interface Operation extends Place {
  /** As RBAC names it. */
  readonly verb: 'get' | 'list' | 'create' | 'patch'
  readonly resource: Resource
}

/** `list pods in namespace demo`, `get pods/exec demo/app`. */
export function describeOperation(operation: Operation): string {
  const { verb, resource, subresource, name, namespace } = operation
  const object = name === undefined ? '' : ` ${name}`
  const place = namespace === undefined ? '' : ` in namespace ${namespace}`
  return `${verb} ${nameResource(resource, subresource)}${object}${place}`
}

/** The message of the API server stays behind: it may quote the object. */
export function refuse(operation: Operation, status: number): AppError {
  const facts = { operation: describeOperation(operation), status }
  return new AppError('kubernetes_refused', { ...facts, ...explain(operation, status) })
}

function isForbidden(thrown: unknown): boolean {
  return hasStatus(thrown, 403)
}

/** Undefined where the permission is missing. */
export async function readIfAllowed<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (thrown) {
    if (isForbidden(thrown)) return undefined
    throw thrown
  }
}

export function hasStatus(thrown: unknown, status: number): boolean {
  return thrown instanceof AppError && thrown.facts['status'] === status
}

function explain(operation: Operation, status: number): Facts {
  const { verb, resource, subresource, namespace } = operation
  if (status === 401) {
    return {
      hint: 'the credentials of the kubeconfig are not accepted; log in to the cluster again',
    }
  }
  if (status !== 403) return {}
  const scope = namespace === undefined ? '--all-namespaces' : `--namespace=${namespace}`
  const command = `kubectl auth can-i ${verb} ${nameResource(resource, subresource)} ${scope}`
  return { hint: `ask for that permission; \`${command}\` tests it` }
}

/** Whether a system code says that a certificate is not trusted. Source: Node.js, the codes of OpenSSL. */
export function isCertificateFault(code: string): boolean {
  return /CERT|SIGN|ALTNAME|ISSUER|CHAIN|TRUST/.test(code)
}

/** What a connection to the API server failed with. */
export function describeUnreachable(thrown: unknown, server: string): AppError {
  if (thrown instanceof AppError) return thrown
  const cause = findCode(thrown)
  const hint =
    cause !== undefined && isCertificateFault(cause)
      ? 'the certificate authority of the kubeconfig is not that of the server'
      : 'check the address, the network, and -context'
  const facts = { server, ...(cause === undefined ? {} : { cause }), hint }
  return new AppError('kubernetes_unreachable', facts, { cause: thrown })
}

/** Web sockets wrap the error of the connection. */
function findCode(thrown: unknown): string | undefined {
  const own = systemCode(thrown)
  if (own !== undefined || typeof thrown !== 'object' || thrown === null) return own
  return systemCode(Reflect.get(thrown, 'error')) ?? systemCode(Reflect.get(thrown, 'cause'))
}
