/** Admission requests per second and their latency over TLS keep-alive, one request at a time on each connection. */
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'

export interface AdmissionFigures {
  readonly connections: number
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export interface AdmissionBench {
  readonly port: number
  /** PEM. */
  readonly ca: string
  readonly body: Buffer
  readonly seconds: number
}

/** After a warm-up of a quarter of the time. */
export async function measureAdmissions(
  bench: AdmissionBench,
  connections: number,
): Promise<AdmissionFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ca: bench.ca })
  const send = () => post(bench, agent)
  await load(send, connections, bench.seconds / 4)
  const begun = performance.now()
  const latencies = await load(send, connections, bench.seconds)
  const elapsed = (performance.now() - begun) / 1000
  agent.destroy()
  const sorted = latencies.toSorted((left, right) => left - right)
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN
  return {
    connections,
    requestsPerSecond: sorted.length / elapsed,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  }
}

/** Milliseconds of each request that `connections` workers send one after the other for `seconds`. */
async function load(
  send: () => Promise<void>,
  connections: number,
  seconds: number,
): Promise<readonly number[]> {
  const end = performance.now() + seconds * 1000
  const latencies: number[] = []
  const work = async () => {
    for (let begun = performance.now(); begun < end; begun = performance.now()) {
      await send()
      latencies.push(performance.now() - begun)
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
  return latencies
}

function post({ port, body }: AdmissionBench, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length }
    const options = {
      host: '127.0.0.1',
      servername: 'localhost',
      port,
      path: '/mutate',
      method: 'POST',
    }
    const outgoing = request({ ...options, headers, agent }, (response) => {
      response.resume()
      response.on('end', () => {
        if (response.statusCode === 200) resolve()
        else reject(new Error(`the webhook answered ${response.statusCode}`))
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Resident memory of a process in MiB, from /proc; undefined where there is none. */
export function residentMemory(pid: number): number | undefined {
  try {
    const [, kilobytes] =
      /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024
  } catch {
    return undefined
  }
}
