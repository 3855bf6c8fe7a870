/** Days in threads of their own: as many as there are processors. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

/** Nearly all that a day leaves is garbage: room for it makes days a third shorter. */
const resourceLimits = { maxYoungGenerationSizeMb: 64 }

/** As `checkDays`. */
export async function checkDaysAside(first: number, count: number): Promise<readonly string[]> {
  const threads = availableParallelism()
  const share = Math.ceil(count / threads)
  const parts = Array.from({ length: threads }, (_, index) => {
    const begin = index * share
    return checkPart(first + begin, Math.max(0, Math.min(share, count - begin)))
  })
  return (await Promise.all(parts)).flat()
}

function checkPart(first: number, count: number): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const url = new URL('./days-worker.ts', import.meta.url)
    const worker = new Worker(url, { workerData: [first, count], resourceLimits, execArgv: [] })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the thread ended with ${code}`)))
  })
}
