/** The metadata service of an EC2 instance, version 2: a token first, then the answer. */
import type { CloudPorts } from './cloud-ports.ts'

/** The text at `path`, below `/latest/`. Errors: `credentials_unavailable`. */
export type AskInstance = (path: string) => Promise<string>

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html. */
export function createAskInstance({ ask, environment }: CloudPorts): AskInstance {
  const address = environment['AWS_EC2_METADATA_SERVICE_ENDPOINT'] || 'http://169.254.169.254'
  const base = `${address.replace(/\/+$/, '')}/latest`
  const askToken = () =>
    ask({
      method: 'PUT',
      url: `${base}/api/token`,
      headers: { 'X-aws-ec2-metadata-token-ttl-seconds': '60' },
      isLocal: true,
    })
  return async (path) => {
    const headers = { 'X-aws-ec2-metadata-token': await askToken() }
    return ask({ url: `${base}/${path}`, headers, isLocal: true })
  }
}
