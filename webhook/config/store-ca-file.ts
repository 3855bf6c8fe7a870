/** The CA of the store in a file, for instance of a mounted Secret, read again when it changes. */
import { X509Certificate } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import { formatIssue, type Parsed } from '../../core/issue.ts'
import type { Logger } from '../../core/log.ts'
import { openWatchedFile, type WatchedFile } from './watched-file.ts'

export interface StoreCaFileOptions {
  readonly path: string
  readonly clock: Clock
  readonly logger: Logger
}

/** Every injected pod carries it. */
const limit = 64 * 1024
const expected = 'certificates, PEM, of at most 64 KiB'
const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/** PEM. Issue code `store_ca`: a webhook does not start without the CA that it was told to give to its agents. */
export function openStoreCaFile(options: StoreCaFileOptions): Promise<Parsed<WatchedFile<string>>> {
  const { path, clock, logger } = options
  return openWatchedFile({
    path,
    code: 'store_ca',
    parse: (text) => readCertificates(path, text),
    clock,
    onValue: (pem) =>
      logger.info('CA of the store loaded', { certificates: pem.match(block)?.length ?? 0 }),
    onIssues: (issues) =>
      logger.error('CA of the store not loaded, the last good one stays', {
        problem: issues.map(formatIssue).join('; '),
      }),
  })
}

/** Only the certificates: a file may hold a private key beside them, which is none of the pods' business. */
function readCertificates(path: string, text: string): Parsed<string> {
  const blocks = text.match(block) ?? []
  const isGood = blocks.length > 0 && text.length <= limit && blocks.every(isCertificate)
  if (isGood) return { kind: 'ok', value: blocks.map((pem) => `${pem}\n`).join('') }
  return { kind: 'issues', issues: [{ code: 'store_ca', path, expected }] }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}
