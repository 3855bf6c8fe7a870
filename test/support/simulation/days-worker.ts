/** Checks days in a thread of its own, outside the test runner, where they take half the time: `workerData` says which. */
import { parentPort, workerData } from 'node:worker_threads'
import { checkDays, type Days } from './check-days.ts'

const days: Days = workerData
parentPort?.postMessage(await checkDays(days))
