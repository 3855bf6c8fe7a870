/** The certificate that an earlier agent wrote: as long as it is good, no other is asked for. Source: consul-template's pkiCert. */
import type { SecretRequest } from '../../core/template/secret-request.ts'
import type { HeldSecret } from '../plan/state.ts'
import type { StepContext } from './context.ts'

/** The first of `destinations` that holds a certificate with its key, unless it is due for replacement. */
export function keepCertificate(
  { ports, config, now }: StepContext,
  request: SecretRequest,
  destinations: readonly string[],
): HeldSecret | undefined {
  if (request.kind !== 'pki') return undefined
  const leadMs = ports.wall() - now
  for (const destination of destinations) {
    const kept = ports.findCertificate(destination)
    if (kept === undefined) continue
    const { answer, notBefore, notAfter } = kept
    const at = notBefore + (notAfter - notBefore) * config.templating.renewalThreshold - leadMs
    if (at <= now) continue
    return {
      request,
      answer,
      readAt: notBefore - leadMs,
      expiresAt: notAfter - leadMs,
      due: { kind: 'read', at },
      replaceAt: undefined,
    }
  }
  return undefined
}
