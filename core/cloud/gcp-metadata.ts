/** The metadata service of Compute Engine and GKE. */
import type { CloudPorts } from './cloud-ports.ts'

/** The text at `path`, below the machine's service accounts. Errors: `credentials_unavailable`. */
export async function askGoogleMetadata(
  { ask, environment }: CloudPorts,
  path: string,
): Promise<string> {
  const host = environment['GCE_METADATA_HOST'] || 'metadata.google.internal'
  return ask({
    url: `http://${host}/computeMetadata/v1/instance/service-accounts/${path}`,
    headers: { 'Metadata-Flavor': 'Google' },
    isLocal: true,
  })
}
