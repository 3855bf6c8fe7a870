/** The webhook's pods and what they serve with. */
import type { X509Certificate } from 'node:crypto'
import { connect } from 'node:tls'
import type { V1Pod, V1PodList, V1Secret } from '@kubernetes/client-node'
import { release } from '../claviger.ts'
import type { Machine } from './machine.ts'

const inNamespace = ['--namespace', release.namespace]
export const webhook = `${release.name}-webhook`
export const webhookDeployment = `deployment/${webhook}`
export const webhookSelector = 'app.kubernetes.io/component=webhook'
const certificateSecret = `${webhook}-certs`

/** kubectl in the webhook's namespace. */
export function inRelease({ kubectl }: Machine, args: readonly string[]): Promise<string> {
  return kubectl.run([...inNamespace, ...args])
}

export async function readWebhookPods(machine: Machine): Promise<readonly V1Pod[]> {
  const args = ['get', 'pods', '--selector', webhookSelector, '--output', 'json']
  const text = await inRelease(machine, args)
  const { items }: V1PodList = JSON.parse(text)
  return items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
}

/** PEM texts by name. */
export async function readCertificates(
  machine: Machine,
): Promise<Readonly<Record<string, string>>> {
  const text = await inRelease(machine, ['get', 'secret', certificateSecret, '--output', 'json'])
  const { data = {} }: V1Secret = JSON.parse(text)
  const decode = ([name, value]: [string, string]) => [
    name,
    Buffer.from(value, 'base64').toString(),
  ]
  return Object.fromEntries(Object.entries(data).map(decode))
}

export function changeCertificates(machine: Machine, args: readonly string[]): Promise<string> {
  const [verb = '', ...rest] = args
  return inRelease(machine, [verb, 'secret', certificateSecret, ...rest])
}

/** PEM of every entry of the MutatingWebhookConfiguration. */
export async function readBundles({ kubectl }: Machine): Promise<readonly string[]> {
  const path = 'jsonpath={.webhooks[*].clientConfig.caBundle}'
  const text = await kubectl.run(['get', 'mutatingwebhookconfiguration', webhook, '--output', path])
  return text.split(' ').map((bundle) => Buffer.from(bundle, 'base64').toString())
}

/** The certificate that each pod serves with. */
export async function readServed(machine: Machine): Promise<readonly X509Certificate[]> {
  const pods = await readWebhookPods(machine)
  return Promise.all(pods.map(({ status }) => shakeHands(status?.podIP ?? '')))
}

function shakeHands(host: string): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    // Only looked at: whether it is trusted is the API server's to judge.
    const socket = connect({ host, port: 8080, rejectUnauthorized: false }, () => {
      const certificate = socket.getPeerX509Certificate()
      socket.destroy()
      if (certificate === undefined) reject(new Error(`${host} serves without a certificate`))
      else resolve(certificate)
    })
    socket.on('error', reject)
  })
}
