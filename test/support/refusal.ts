/** What a template function does or refuses. */
import { FunctionError } from '../../core/template/functions/function.ts'

/** Undefined where it refuses. */
export function unlessRefused<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch (thrown) {
    if (thrown instanceof FunctionError) return undefined
    throw thrown
  }
}
