/** The metadata service of Compute Engine and GKE. */
import type { CloudPorts } from './cloud-ports.ts'

/** The text at `path`, below the machine's service accounts. Errors: `credentials_unavailable`. */
export async function askGoogleMetadata(ports: CloudPorts, path: string): Promise<string> {
  return ask(ports, `instance/service-accounts/${path}`)
}

/** The id of the machine's own project. Errors: `credentials_unavailable`. */
export async function askGoogleProject(ports: CloudPorts): Promise<string> {
  return (await ask(ports, 'project/project-id')).trim()
}

async function ask({ ask, environment }: CloudPorts, path: string): Promise<string> {
  const host = environment['GCE_METADATA_HOST'] || 'metadata.google.internal'
  return ask({
    url: `http://${host}/computeMetadata/v1/${path}`,
    headers: { 'Metadata-Flavor': 'Google' },
    isLocal: true,
  })
}
