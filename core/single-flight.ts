/** Work that several may want at one moment, and that is done once. */

/** What `work` comes to; whoever names the same key before it is done waits for the same. */
export type Flight<T> = (key: string, work: () => Promise<T>) => Promise<T>

export function createFlight<T>(): Flight<T> {
  const pending = new Map<string, Promise<T>>()
  return (key, work) => {
    const known = pending.get(key)
    if (known !== undefined) return known
    const started = work().finally(() => pending.delete(key))
    pending.set(key, started)
    return started
  }
}
