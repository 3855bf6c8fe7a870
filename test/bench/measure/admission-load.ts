/** The load of an API server on one injector: reviews over TLS keep-alive, one at a time on each connection. */
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import type { Injector } from './injectors.ts'

export interface AdmissionFigures {
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of the injector's process, user and system; undefined where there is no /proc. */
  readonly cpuMicrosecondsPerReview: number | undefined
}

export interface AdmissionLoad {
  readonly injector: Injector
  readonly body: Buffer
  readonly connections: number
  readonly seconds: number
}

/** After a warm-up of a quarter of the time. Throws when an answer is no injection. */
export async function measureAdmissions(load: AdmissionLoad): Promise<AdmissionFigures> {
  const { connections, seconds } = load
  const { pid } = load.injector.running
  // By address and unverified, as for an injector that knows no name yet.
  const agent = new Agent({ keepAlive: true, maxSockets: connections, rejectUnauthorized: false })
  const send = () => post(load, agent)
  await run(send, connections, seconds / 4)
  const [begun, used] = [performance.now(), cpuMicroseconds(pid)]
  const latencies = await run(send, connections, seconds)
  const elapsed = (performance.now() - begun) / 1000
  const usedNow = cpuMicroseconds(pid)
  agent.destroy()
  const sorted = latencies.toSorted((left, right) => left - right)
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN
  return {
    requestsPerSecond: sorted.length / elapsed,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    cpuMicrosecondsPerReview:
      used === undefined || usedNow === undefined ? undefined : (usedNow - used) / sorted.length,
  }
}

/** Milliseconds of each request that `connections` workers send one after the other for `seconds`. */
async function run(
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

function post({ injector: { port }, body }: AdmissionLoad, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length }
    const options = { host: '127.0.0.1', port, path: '/mutate?timeout=5s', method: 'POST' }
    const outgoing = request({ ...options, headers, agent }, (response) => {
      let isInjection = false
      response.on('data', (chunk: Buffer) => {
        isInjection ||= chunk.includes('"patchType"')
      })
      response.on('end', () => {
        if (response.statusCode === 200 && isInjection) resolve()
        else reject(new Error(`the injector answered ${response.statusCode} without a patch`))
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Resident memory of a process in MiB, shared pages included; undefined where there is no /proc. */
export function residentMemory(pid: number): number | undefined {
  const text = readProc(pid, 'status')
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(text)?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024
}

/** Source: proc(5), stat: utime and stime in ticks of 10 ms. */
function cpuMicroseconds(pid: number): number | undefined {
  const fields = readProc(pid, 'stat').split(') ')[1]?.split(' ')
  return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) * 10_000
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}
