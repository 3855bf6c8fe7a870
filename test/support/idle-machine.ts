import type { Machine } from '../../agent/step/ports.ts'

/** A machine that has nothing to tell. */
export const idleMachine: Machine = {
  answer: async () => ({ kind: 'failed', reason: 'no such file or directory' }),
  environment: new Map(),
  random: { bytes: (count) => new Uint8Array(count), privateKey: () => new Uint8Array() },
  elapsed: () => 0,
}
