/** A stream of pods through the real API server as server-side dry runs, for as long as something else goes on. */
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { isDeepStrictEqual } from 'node:util'
import type { V1Pod } from '@kubernetes/client-node'

/** What became of one pod. */
interface Answer {
  /** Empty for a pod that came back with its agent. */
  readonly failure: string
  readonly ms: number
}

export interface StreamResult {
  readonly count: number
  /** What went wrong, each with the moment it did; at most `shownFailures` of them. */
  readonly failures: readonly string[]
  readonly failureCount: number
  readonly slowestMs: number
}

export interface StreamOptions {
  readonly kubeconfig: string
  /** In JSON, with a namespace. */
  readonly pod: string
  readonly connections: number
}

const shownFailures = 10

export class AdmissionStream {
  readonly #options: StreamOptions
  readonly #send: (pod: string) => Promise<Answer>
  readonly #stop = new AbortController()
  readonly #failures: string[] = []
  #workers: readonly Promise<void>[] = []
  #count = 0
  #failureCount = 0
  #slowestMs = 0

  constructor(options: StreamOptions) {
    this.#options = options
    this.#send = createSender(options)
  }

  get count(): number {
    return this.#count
  }

  start(): void {
    const { connections } = this.#options
    this.#workers = Array.from({ length: connections }, () => this.#work())
  }

  async stop(): Promise<StreamResult> {
    this.#stop.abort()
    await Promise.all(this.#workers)
    return {
      count: this.#count,
      failures: this.#failures,
      failureCount: this.#failureCount,
      slowestMs: Math.round(this.#slowestMs),
    }
  }

  async #work(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const { failure, ms } = await this.#send(this.#options.pod)
      this.#count += 1
      this.#slowestMs = Math.max(this.#slowestMs, ms)
      if (failure === '') continue
      this.#failureCount += 1
      if (this.#failures.length >= shownFailures) continue
      this.#failures.push(`${new Date().toISOString()} ${failure}`)
    }
  }
}

function createSender({ kubeconfig, pod, connections }: StreamOptions) {
  const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8'))
  const { server, 'certificate-authority': authority } = clusters[0].cluster
  const { 'client-certificate': certificate, 'client-key': key } = users[0].user
  const agent = new Agent({
    keepAlive: true,
    maxSockets: connections,
    ca: readFileSync(authority),
    cert: readFileSync(certificate),
    key: readFileSync(key),
  })
  const { namespace } = JSON.parse(pod).metadata
  const url = `${server}/api/v1/namespaces/${namespace}/pods?dryRun=All`
  const options = { agent, method: 'POST', headers: { 'content-type': 'application/json' } }
  return (body: string) =>
    new Promise<Answer>((resolve) => {
      const start = performance.now()
      const finish = (failure: string) => resolve({ failure, ms: performance.now() - start })
      const outgoing = request(url, options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', (error) => finish(error.message))
        response.on('end', () => finish(judge(response.statusCode, Buffer.concat(chunks))))
      })
      outgoing.on('error', (error) => finish(error.message))
      outgoing.end(body)
    })
}

function judge(status: number | undefined, body: Buffer): string {
  const answer = JSON.parse(body.toString())
  if (status !== 201) return `${status} ${answer.message}`
  const { spec }: V1Pod = answer
  const agents = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]
    .map(({ name }) => name)
    .filter((name) => name.startsWith('vault-agent'))
  return isDeepStrictEqual(agents, ['vault-agent-init', 'vault-agent'])
    ? ''
    : 'created without its agent'
}
