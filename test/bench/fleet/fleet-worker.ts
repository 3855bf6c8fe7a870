/** Simulates the shards that it is sent, one after the other. */
import { parentPort } from 'node:worker_threads'
import { simulateShard } from './simulate-shard.ts'

parentPort?.on('message', async (shard) => parentPort?.postMessage(await simulateShard(shard)))
