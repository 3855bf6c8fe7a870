/** Days in threads of their own: as many as there are processors. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Days } from './check-days.ts'

/** Nearly all that a day leaves is garbage: room for it makes days a third shorter. */
const resourceLimits = { maxYoungGenerationSizeMb: 64 }

/** As `checkDays`. */
export async function checkDaysAside(days: Days): Promise<readonly string[]> {
  const { first, count } = days
  const threads = availableParallelism()
  const share = Math.ceil(count / threads)
  const parts = Array.from({ length: threads }, (_, index) => {
    const begin = index * share
    const part = { first: first + begin, count: Math.max(0, Math.min(share, count - begin)) }
    return checkPart({ ...days, ...part })
  })
  return (await Promise.all(parts)).flat()
}

function checkPart(days: Days): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const url = new URL('./days-worker.ts', import.meta.url)
    const worker = new Worker(url, { workerData: days, resourceLimits, execArgv: [] })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the thread ended with ${code}`)))
  })
}
