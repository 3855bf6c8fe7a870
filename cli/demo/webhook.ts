/** The demo's webhook: the built program, with a certificate that a CA of the demo signed. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCa, createLeaf } from '../../webhook/tls/x509.ts'
import type { WebhookAddress } from './admission.ts'
import type { Processes, Running } from './processes.ts'

const hourMs = 3_600_000

export interface WebhookOptions {
  /** For certificate and key. */
  readonly root: string
  readonly now: number
  readonly storeAddress: string
  /** Default info. */
  readonly logLevel?: string
  /** Of the webhook, beside those of above. */
  readonly flags?: readonly string[]
  /** Of Node itself; none unless given. */
  readonly nodeFlags?: readonly string[]
}

export interface LocalWebhook extends WebhookAddress {
  readonly running: Running
}

/** Starts `dist/webhook.cjs` on a free port of loopback and waits until it listens. */
export async function startWebhook(
  processes: Processes,
  options: WebhookOptions,
): Promise<LocalWebhook> {
  const { root, now, storeAddress, logLevel = 'info', flags = [], nodeFlags = [] } = options
  const validity = { notBefore: now - hourMs, notAfter: now + hourMs }
  const ca = createCa('Claviger demo CA', validity)
  const leaf = createLeaf(ca, ['localhost'], validity)
  const certFile = join(root, 'webhook.crt')
  const keyFile = join(root, 'webhook.key')
  writeFileSync(certFile, leaf.cert)
  writeFileSync(keyFile, leaf.key, { mode: 0o600 })
  const webhook = processes.start({
    program: process.execPath,
    words: [
      ...nodeFlags,
      'dist/webhook.cjs',
      'agent-inject',
      '-listen=127.0.0.1:0',
      `-tls-cert-file=${certFile}`,
      `-tls-key-file=${keyFile}`,
      `-vault-address=${storeAddress}`,
      `-log-level=${logLevel}`,
      ...flags,
    ],
    environment: {},
  })
  const line = await webhook.waitFor(/webhook listens/)
  const [, port = ''] = /:(\d+)\b(?!.*:\d)/.exec(line) ?? []
  return { port: Number(port), ca: ca.cert, running: webhook }
}
