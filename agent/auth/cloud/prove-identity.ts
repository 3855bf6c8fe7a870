/** Asks a cloud for the proof of who the agent is. */

import { createAsk } from '../../../core/cloud/ask.ts'
import type { AwsConfig, AzureConfig, GcpConfig } from '../../config/auth-config.ts'
import type { Credentials } from '../auth-method.ts'
import type { AuthPorts } from '../auth-ports.ts'
import type { Proof } from './proof.ts'

/** Errors: `credentials_unavailable`. */
export async function proveIdentity(
  method: AwsConfig | AzureConfig | GcpConfig,
  { environment, now, address }: AuthPorts,
  remembered: Credentials,
): Promise<Proof> {
  const ports = { ask: createAsk(environment), environment, now, address }
  switch (method.kind) {
    case 'aws':
      return (await import('./aws.ts')).proveAws(method, ports, remembered)
    case 'azure':
      return (await import('./azure.ts')).proveAzure(method, ports)
    case 'gcp':
      return (await import('./gcp.ts')).proveGcp(method, ports)
  }
}
