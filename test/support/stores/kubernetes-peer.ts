/** A Kubernetes API as a store's peer: the fake one, or a real one that is told where it is. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type FakeKubernetes, startFakeKubernetes } from './kubernetes-fake.ts'
import { type PeerFeatures, type RunningPeer, type StorePeer, serviceFaults } from './store-peer.ts'
import { openTestStore } from './store-ports.ts'

export interface KubernetesPlace {
  readonly server: string
  readonly namespace: string
  /** File of a token that may get, list, watch, create, patch and delete Secrets there. */
  readonly tokenPath: string
  /** File of the API server's authorities; undefined over plain HTTP. */
  readonly caPath: string | undefined
}

const features: PeerFeatures = {
  isBinarySafe: true,
  largestBytes: 512 * 1024,
  hasTags: true,
  invalidPath: 'Not_A_Name',
  renewsCredentials: true,
}

/** `place` is asked when the tests run. */
export function createKubernetesPeer(place: () => Promise<KubernetesPlace>): StorePeer {
  return {
    type: 'k8s',
    features,
    faults: [],
    start: async () => ({ ...runAt(await place()), stop: async () => undefined }),
  }
}

export interface FakePeer extends StorePeer {
  /** The one that runs, for what the contract does not ask. */
  readonly fake: () => FakeKubernetes
  readonly place: () => KubernetesPlace
}

export function createFakeKubernetesPeer(): FakePeer {
  let running: { readonly fake: FakeKubernetes; readonly place: KubernetesPlace } | undefined
  const current = () => {
    if (running === undefined) throw new Error('the fake does not run')
    return running
  }
  return {
    type: 'k8s',
    features,
    faults: serviceFaults,
    fake: () => current().fake,
    place: () => current().place,
    start: async () => {
      const fake = await startFakeKubernetes()
      const folder = mkdtempSync(join(tmpdir(), 'claviger-k8s-'))
      const tokenPath = join(folder, 'token')
      const { server, namespace } = fake
      const place = { server, namespace, tokenPath, caPath: undefined }
      const setToken = (token: string) => {
        fake.token = token
        writeFileSync(tokenPath, token)
      }
      setToken(fake.token)
      running = { fake, place }
      return {
        ...runAt(place),
        inject: (fault) => {
          fake.fault = fault
          if (fault === 'expired') setToken(`${fake.token}-next`)
        },
        stop: async () => {
          await fake.stop()
          rmSync(folder, { recursive: true })
        },
      }
    },
  }
}

function runAt(place: KubernetesPlace): Omit<RunningPeer, 'stop'> {
  const { server, namespace, tokenPath, caPath } = place
  const settings = new Map([
    ['server', server],
    ['namespace', namespace],
    ['token_path', tokenPath],
    ...(caPath === undefined ? [] : ([['ca_cert', caPath]] as const)),
  ])
  return {
    open: (changes = new Map()) => openTestStore('k8s', new Map([...settings, ...changes])),
    put: async (path, bytes) => {
      await askBehind(place, { method: 'DELETE', name: path })
      const data = { value: Buffer.from(bytes).toString('base64') }
      const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name: path }, data }
      const { status } = await askBehind(place, { method: 'POST', body })
      if (status !== 201) throw new Error(`status ${status}`)
    },
    look: async (path) => {
      const { status, body } = await askBehind(place, { method: 'GET', name: path })
      if (status !== 200) return undefined
      const data: Readonly<Record<string, string>> = JSON.parse(body).data
      const entries = Object.entries(data)
      const bytes = ([, value = '']: readonly [string, string]) => Buffer.from(value, 'base64')
      const [first] = entries
      if (first !== undefined && first[0] === 'value' && entries.length === 1) return bytes(first)
      const members = entries.map((entry) => [entry[0], bytes(entry).toString('utf8')])
      return Buffer.from(JSON.stringify(Object.fromEntries(members)))
    },
    remove: async (path) => {
      await askBehind(place, { method: 'DELETE', name: path })
    },
  }
}

export interface BehindRequest {
  readonly method: string
  readonly name?: string
  readonly body?: unknown
}

/** A second client, which shares nothing with the store's. */
export async function askBehind(
  { server, namespace, tokenPath, caPath }: KubernetesPlace,
  { method, name, body }: BehindRequest,
): Promise<{ readonly status: number; readonly body: string }> {
  const path = `/api/v1/namespaces/${namespace}/secrets${name === undefined ? '' : `/${name}`}`
  const headers = {
    authorization: `Bearer ${readFileSync(tokenPath, 'utf8').trim()}`,
    'x-behind': 'yes',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const options = { method, headers, ...(caPath === undefined ? {} : { ca: readFileSync(caPath) }) }
  const request = server.startsWith('https:') ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const outgoing = request(`${server}${path}`, options, (response) => {
      text(response).then(
        (answer) => resolve({ status: response.statusCode ?? 0, body: answer }),
        reject,
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** One with these keys, made behind the store's back. */
export function createSecret(
  place: KubernetesPlace,
  name: string,
  data: Readonly<Record<string, string>>,
): Promise<unknown> {
  const encoded = Object.entries(data).map(([key, text]) => [
    key,
    Buffer.from(text).toString('base64'),
  ])
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    data: Object.fromEntries(encoded),
  }
  return askBehind(place, { method: 'POST', body })
}
