/** A certificate and key in files, for instance of a mounted Secret, read again when they change. */
import { readFile } from 'node:fs/promises'
import type { Clock } from '../../core/clock.ts'
import { toAppError } from '../../core/errors.ts'
import { errorFields, type Logger } from '../../core/log.ts'
import type { CertificateSource, KeyPair } from './source.ts'

export interface FileSourceOptions {
  readonly certFile: string
  readonly keyFile: string
  readonly clock: Clock
  readonly logger: Logger
}

/** Reading beats watching: a mounted Secret changes by the swap of a symlink, which watches miss. */
const intervalMs = 2_000

/** Rejects with `tls_invalid` when the files cannot be used at the start; later a bad pair is logged and the last good one stays. */
export function createFileSource(options: FileSourceOptions): CertificateSource {
  const { clock, logger } = options
  return {
    run: async ({ use, failed }, signal) => {
      let current = await readPair(options)
      use(current)
      while (true) {
        await clock.sleep(intervalMs, signal)
        if (signal.aborted) return
        try {
          const next = await readPair(options)
          if (next.cert === current.cert && next.key === current.key) continue
          // A pair read between the two writes fails once and is never asked about again: the next one differs.
          current = next
          use(next)
          logger.info('certificate loaded')
        } catch (thrown) {
          failed()
          logger.warn('certificate not loaded', errorFields(thrown))
        }
      }
    },
  }
}

async function readPair({ certFile, keyFile }: FileSourceOptions): Promise<KeyPair> {
  const [cert, key] = await Promise.all([readText(certFile), readText(keyFile)])
  return { cert, key }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    throw toAppError(thrown, 'tls_invalid', { path })
  }
}
