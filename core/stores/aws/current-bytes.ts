/** What a secret is before some of its keys are written. */
import type { Store } from '../store.ts'

/** Undefined where there is none yet. Errors: those of the read; `secret_missing` for what is deleted and could be restored. */
export async function readCurrent(
  read: Store['read'],
  path: string,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const [outcome] = await read([{ path, version: undefined, known: undefined }], signal)
  if (outcome?.kind === 'failed') {
    const { code, facts } = outcome.error
    if (code === 'secret_missing' && facts['reason'] !== 'InvalidRequestException') return undefined
    throw outcome.error
  }
  const content = outcome?.kind === 'read' ? outcome.answer.content : undefined
  return content?.kind === 'whole' ? Buffer.from(content.bytes, 'latin1') : undefined
}
