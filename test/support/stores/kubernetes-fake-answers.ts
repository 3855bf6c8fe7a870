/** How the fake Kubernetes API answers, and how it fails. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FaultName } from './store-peer.ts'

/** Whether it was met. */
export function meetFault(
  fault: FaultName | undefined,
  { socket }: IncomingMessage,
  response: ServerResponse,
): boolean {
  switch (fault) {
    case 'throttled':
      refuse(response, 429, 'TooManyRequests')
      return true
    case 'throttled-with-wait':
      response.setHeader('retry-after', '7')
      refuse(response, 429, 'TooManyRequests')
      return true
    case 'failing':
      refuse(response, 500, 'InternalError')
      return true
    case 'denied':
      refuse(response, 403, 'Forbidden')
      return true
    case 'garbled':
      response.setHeader('content-type', 'application/json')
      response.end('{"kind":"Secret","metadata":{"name":"x"},"da')
      return true
    case 'down':
      socket.destroy()
      return true
    case 'hanging':
      return true
    case 'expired':
    case undefined:
      return false
  }
}

export function send(response: ServerResponse, status: number, object: unknown): ServerResponse {
  response.statusCode = status
  response.setHeader('content-type', 'application/json')
  return response.end(JSON.stringify(object))
}

export function refuse(response: ServerResponse, status: number, reason: string): ServerResponse {
  const message = `secrets "x" is not for you: ${reason}`
  return send(response, status, {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason,
    message,
  })
}
