/** The pods that should have been injected and were not. All others are forgotten at once, so memory does not grow with the cluster. */
import type { JudgedPod } from './judge.ts'

export interface Suspect {
  readonly pod: JudgedPod
  /** When it was first heard of, in milliseconds since the epoch. */
  readonly heardAt: number
}

export class Suspects {
  #byUid = new Map<string, Suspect>()

  /** A complete list: who is not in it exists no longer. */
  replace(pods: readonly JudgedPod[], now: number): void {
    const before = this.#byUid
    this.#byUid = new Map()
    for (const pod of pods) {
      if (isSuspect(pod)) this.#byUid.set(pod.uid, before.get(pod.uid) ?? { pod, heardAt: now })
    }
  }

  /** A pod as it is now. */
  hear(pod: JudgedPod, now: number): void {
    const known = this.#byUid.get(pod.uid)
    if (isSuspect(pod)) this.#byUid.set(pod.uid, { pod, heardAt: known?.heardAt ?? now })
    else this.#byUid.delete(pod.uid)
  }

  forget(uid: string): void {
    this.#byUid.delete(uid)
  }

  /** All of them, older than the grace or not. */
  list(): readonly Suspect[] {
    return [...this.#byUid.values()]
  }
}

function isSuspect({ judgement }: JudgedPod): boolean {
  return judgement === 'missed' || judgement === 'invalid'
}
