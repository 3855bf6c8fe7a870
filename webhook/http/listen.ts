/** Opens a port. */
import { once } from 'node:events'
import type { Server } from 'node:net'
import { AppError, systemCode } from '../../core/errors.ts'

/** Resolves to the address in use, `host:port`; port 0 takes a free one. Throws `config_invalid`. */
export async function listenOn(
  listener: Server,
  host: string | undefined,
  port: number,
): Promise<string> {
  try {
    listener.listen(port, host)
    await once(listener, 'listening')
  } catch (thrown) {
    throw new AppError('config_invalid', { listen: port, cause: systemCode(thrown) ?? '' })
  }
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new AppError('config_invalid')
  const { family, address: ip } = address
  return `${family === 'IPv6' ? `[${ip}]` : ip}:${address.port}`
}
