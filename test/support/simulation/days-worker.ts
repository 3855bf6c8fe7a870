/** Checks days in a thread of its own, outside the test runner, where they take half the time: `workerData` is the first seed and the number of days. */
import { parentPort, workerData } from 'node:worker_threads'
import { checkDays } from './check-days.ts'

const [first, count]: readonly [number, number] = workerData
parentPort?.postMessage(await checkDays(first, count))
