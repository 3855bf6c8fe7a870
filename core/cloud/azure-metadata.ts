/** The metadata service of Azure's machines. */
import type { JsonObject } from '../json.ts'
import { parseObject } from './answer.ts'
import type { CloudPorts } from './cloud-ports.ts'
import { oauthReason } from './oauth-reason.ts'

const metadataVersion = '2018-02-01'

/** The answer at `path`, below `/metadata/`. Errors: `credentials_unavailable`. */
export async function askAzureMetadata(
  { ask, environment }: CloudPorts,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<JsonObject> {
  const address = environment['AZURE_POD_IDENTITY_AUTHORITY_HOST'] || 'http://169.254.169.254'
  const search = new URLSearchParams({ 'api-version': metadataVersion, ...query })
  const text = await ask({
    url: `${address.replace(/\/+$/, '')}/metadata/${path}?${search}`,
    headers: { Metadata: 'true' },
    isLocal: true,
    reasonOf: oauthReason,
  })
  return parseObject(text, 'metadata service')
}
