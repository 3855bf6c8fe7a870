/** Runs the steps of the suite one by one and says how long each took. */

export type Phase = <T>(name: string, work: () => Promise<T>) => Promise<T>

export function openPhases(print: (line: string) => void): Phase {
  return async (name, work) => {
    const start = performance.now()
    const took = () => `${((performance.now() - start) / 1000).toFixed(1)} s`
    try {
      const result = await work()
      print(`[e2e] ${name}: ${took()}`)
      return result
    } catch (error) {
      print(`[e2e] ${name}: failed after ${took()}`)
      throw error
    }
  }
}
