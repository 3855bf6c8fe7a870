/** Whether the store answers where the agents will look for it. */
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { systemCode } from '../../core/errors.ts'

export interface StoreCheck {
  readonly address: string
  /** PEM; undefined for the public ones. */
  readonly ca: string | undefined
}

const timeoutMs = 10_000

/** Status → what it means. Source: Vault, /sys/health; other statuses are those of a server that can be used. */
const troubles: ReadonlyMap<number, string> = new Map([
  [501, 'is not initialised'],
  [503, 'is sealed'],
])

/** What is wrong, or undefined. */
export async function checkStore(check: StoreCheck): Promise<string | undefined> {
  try {
    const status = await ask(check)
    const trouble = troubles.get(status)
    return trouble === undefined ? undefined : `the store at ${check.address} ${trouble}`
  } catch (thrown) {
    const reason = systemCode(thrown) ?? (thrown instanceof Error ? thrown.message : 'no answer')
    return (
      `the store at ${check.address} does not answer: ${reason}. ` +
      'See global.externalVaultAddr, and for a private CA injector.vaultCa'
    )
  }
}

function ask({ address, ca }: StoreCheck): Promise<number> {
  const url = new URL(`${address.replace(/\/+$/, '')}/v1/sys/health`)
  const options = { timeout: timeoutMs, ...(ca === undefined ? {} : { ca }) }
  return new Promise((resolve, reject) => {
    const asking = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options)
    asking.on('timeout', () => asking.destroy(new Error('no answer within 10 s')))
    asking.on('error', reject)
    asking.on('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asking.end()
  })
}
