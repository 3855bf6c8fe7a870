/** The certificate that a server shows on a connection, and whether a CA bundle verifies it. */
import type { Duplex } from 'node:stream'
import { connect } from 'node:tls'
import { AppError, systemCode } from '../../core/errors.ts'

const deadlineMs = 5000

export interface ServedCertificate {
  /** OpenSSL's code; undefined for a certificate that is trusted and has the name. */
  readonly problem: string | undefined
  /** Milliseconds since the epoch. */
  readonly validTo: number
}

export interface Expected {
  readonly host: string
  /** PEM. */
  readonly bundle: string
}

/** Nothing is asked of the server. Throws `kubernetes_unreachable` where no handshake comes about. */
export function shakeHands(
  connection: Duplex,
  { host, bundle }: Expected,
): Promise<ServedCertificate> {
  return new Promise((resolve, reject) => {
    const fail = (cause: string) => {
      socket.destroy()
      reject(new AppError('kubernetes_unreachable', { server: host, cause }))
    }
    const timer = setTimeout(() => fail('ETIMEDOUT'), deadlineMs)
    // It is judged here, and nothing secret is sent.
    const options = { socket: connection, servername: host, ca: bundle, rejectUnauthorized: false }
    const socket = connect(options, () => {
      clearTimeout(timer)
      const certificate = socket.getPeerX509Certificate()
      const error: unknown = socket.authorizationError
      socket.destroy()
      const code = systemCode(error) ?? (error ? String(error) : undefined)
      const validTo = Date.parse(certificate?.validTo ?? '')
      resolve({ problem: socket.authorized ? undefined : (code ?? 'untrusted'), validTo })
    })
    socket.once('error', (error) => {
      clearTimeout(timer)
      fail(systemCode(error) ?? 'no handshake')
    })
    connection.once('error', () => fail('closed'))
  })
}
